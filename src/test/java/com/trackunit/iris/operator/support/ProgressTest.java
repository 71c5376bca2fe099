package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a long command tells about itself. */
class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Instant now = Instant.EPOCH;

  @Test
  void writesOneLineForEachTenthWhereThereIsNoTerminal() {
    Progress progress = progress(false, 40);
    for (int i = 0; i < 40; i++) {
      now = now.plusSeconds(3);
      progress.add(1);
    }
    assertThat(lines()).hasSize(10);
    assertThat(lines()[0]).isEqualTo("10 % done in 0:12 min, about 1:48 min left");
    assertThat(lines()[9]).isEqualTo("100 % done in 2:00 min, about 0:00 min left");
  }

  @Test
  void writesTheSameLineAgainOnATerminal() {
    Progress progress = progress(true, 2);
    now = now.plusSeconds(60);
    progress.add(1);
    progress.add(1);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\r50 % done in 1:00 min, about 1:00 min left")
        .contains("\r100 % done in 1:00 min, about 0:00 min left")
        .endsWith(System.lineSeparator());
  }

  private Progress progress(boolean terminal, long all) {
    return new Progress(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> now, all);
  }

  private String[] lines() {
    return bytes.toString(StandardCharsets.UTF_8).split(System.lineSeparator());
  }
}
