package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Plot;
import com.trackunit.iris.operator.support.Svg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pictures show what the pages say; {@code -Dpictures.update} draws them again. */
class PicturesTest {
  private static final Pattern PROMISE = Pattern.compile("\\*\\*(\\d+) minutes\\*\\*");

  @Test
  void theLifeOfATokenHasThePromisedOutage() throws IOException {
    Matcher promise = PROMISE.matcher(Docs.section("## The promise"));
    assertThat(promise.find()).isTrue();
    isDrawn(new LifeOfAToken(Double.parseDouble(promise.group(1))).svg(), "life-of-a-token.svg");
  }

  @Test
  void theTimesAreThoseOfTheTable() throws IOException {
    isDrawn(
        Plot.logarithmic(
                "credentials",
                "seconds",
                List.of(
                    line("a start with no token yet"),
                    line("the same writes by a plain client"),
                    line("a start with all tokens valid: until quiet"),
                    line("a start with all tokens valid: until ready")))
            .svg(),
        "capacity.svg");
  }

  @Test
  void theMemoryIsThatOfTheTable() throws IOException {
    isDrawn(
        Plot.logarithmic("credentials", "MiB", List.of(line("memory at most"), line("live heap")))
            .svg(),
        "capacity-memory.svg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"life-of-a-token", "outages", "capacity", "capacity-memory"})
  void isReadableOnALightAndOnADarkPage(String name) throws IOException {
    assertThat(Files.readString(Path.of("docs", name + ".svg")))
        .contains("@media (prefers-color-scheme: dark)");
  }

  private static void isDrawn(Svg picture, String name) throws IOException {
    Path file = Path.of("docs", name);
    if (System.getProperty("pictures.update") != null) {
      picture.write(file);
    }
    assertThat(Files.readString(file))
        .as("run ./mvnw test -Dtest=PicturesTest -Dpictures.update, look at %s and commit it", name)
        .isEqualTo(picture.toString());
  }

  /** A row of the table by the number of credentials; what was not measured is left out. */
  private static Plot.Line line(String beginning) {
    Map<String, String> row =
        Docs.table("## What was measured").stream()
            .filter(cells -> cells.get("credentials").startsWith(beginning))
            .findFirst()
            .orElseThrow();
    List<Plot.Point> points = new ArrayList<>();
    row.forEach(
        (column, cell) -> {
          String number = column.replace(" ", "");
          if (number.matches("\\d+") && !cell.equals("–")) {
            points.add(
                new Plot.Point(Double.parseDouble(number), Double.parseDouble(cell.split(" ")[0])));
          }
        });
    return new Plot.Line(row.get("credentials"), points);
  }
}
