package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Page;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link between the pages leads to a file that exists and to a heading that it has. */
class LinksTest {
  @ParameterizedTest
  @MethodSource("com.trackunit.iris.operator.support.Docs#everyMarkdownFile")
  void leadsToAFileAndAHeading(Page page) {
    assertThat(page.links())
        .filteredOn(link -> !link.startsWith("https://"))
        .as(page.file().toString())
        .allMatch(link -> leadsSomewhere(page, URI.create(link)));
  }

  private static boolean leadsSomewhere(Page from, URI link) {
    Path file =
        link.getPath().isEmpty()
            ? from.file()
            : from.file().resolveSibling(link.getPath()).normalize();
    return link.getScheme() == null
        && Files.exists(file)
        && Optional.ofNullable(link.getFragment())
            .map(heading -> Page.read(file).anchors().contains(heading))
            .orElse(true);
  }
}
