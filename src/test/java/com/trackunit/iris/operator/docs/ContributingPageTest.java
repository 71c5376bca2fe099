package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Docs.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page for contributors shows of the code stands in the code. */
class ContributingPageTest {
  @Test
  void everyExampleIsTakenFromATest() throws IOException {
    List<String> examples =
        Docs.blocks(Docs.page("CONTRIBUTING.md").text())
            .filter(block -> block.language().equals("java"))
            .map(Block::text)
            .toList();
    List<String> tests = tests();
    assertThat(examples)
        .isNotEmpty()
        .allMatch(example -> tests.stream().anyMatch(test -> test.contains(indented(example))));
  }

  private static String indented(String example) {
    return example.replaceAll("(?m)^(?=.)", "  ");
  }

  private static List<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      List<String> texts = new java.util.ArrayList<>();
      for (Path source : sources) {
        texts.add(Files.readString(source));
      }
      return texts;
    }
  }
}
