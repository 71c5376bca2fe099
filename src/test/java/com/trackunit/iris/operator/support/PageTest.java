package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Page PAGE =
      new Page(
          Path.of("page.md"),
          """
          # A page

          See `kubectl get`'s [answer](#what-kubectl-get-tells), the [`code`](../deploy) and `[no](link)`.

          ## What `kubectl get` tells

          ```sh
          # no heading
          kubectl get [x](y)
          ```

          <img src="picture.svg">

          ## A page
          """);

  @Test
  void namesHeadingsAsGitHubDoesAndNumbersTheSecond() {
    assertThat(PAGE.anchors()).containsExactly("a-page", "what-kubectl-get-tells", "a-page-1");
  }

  @Test
  void findsLinksAndPicturesAndNoneInCode() {
    assertThat(PAGE.links()).containsExactly("#what-kubectl-get-tells", "../deploy", "picture.svg");
  }

  @Test
  void endsASectionAtTheNextHeadingAndNotInABlock() {
    assertThat(PAGE.section("## What `kubectl get` tells").orElseThrow())
        .contains("# no heading", "picture.svg")
        .doesNotContain("## A page");
    assertThat(PAGE.section("# no heading")).isEmpty();
  }
}
