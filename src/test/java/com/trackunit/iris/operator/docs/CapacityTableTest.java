package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.gate.CapacityEstimate;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.support.Docs;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's caps are the lowest whole ones, not below the default, at which no start warns. */
class CapacityTableTest {
  private static final String PAGE = "## Plan the capacity";

  @ParameterizedTest
  @ValueSource(ints = {3600, 1200})
  void eachCapIsTheLowestThatWarnsOfNothing(int life) {
    assertThat(Docs.table(PAGE))
        .hasSize(3)
        .allSatisfy(
            row -> {
              int credentials = number(row.get("credentials"));
              int cap = number(row.get("cap to set, %d s".formatted(life)));
              assertThat(warns(credentials, life, cap)).isFalse();
              assertThat(cap == 5 || warns(credentials, life, cap - 1)).isTrue();
            });
  }

  @Test
  void theDefaultCapCarriesAsManyAsThePageSays() {
    String page = Docs.section(PAGE);
    assertThat(page).contains("carries 6 720 credentials", "and 2 240 with tokens");
    assertThat(warns(6_719, 3600, 5)).isFalse();
    assertThat(warns(6_721, 3600, 5)).isTrue();
    assertThat(warns(2_239, 1200, 5)).isFalse();
    assertThat(warns(2_241, 1200, 5)).isTrue();
  }

  private static boolean warns(int credentials, int life, int cap) {
    return CapacityEstimate.of(
            Collections.nCopies(credentials, Duration.ofSeconds(life)), new RateLimits(cap, 8))
        .warning()
        .isPresent();
  }

  private static int number(String cell) {
    return Integer.parseInt(cell.replace(" ", ""));
  }
}
