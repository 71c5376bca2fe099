package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginTriesTest {
  private static final Instant START = GateFixture.START;

  private final LoginTries tries = new LoginTries();

  private Instant earliest(boolean repeated, String... users) {
    return tries.earliest("team", List.of(users), repeated, START.plusSeconds(120));
  }

  @Test
  void theLastOfTenMinutesIsKeptForACorrection() {
    tries.add("team", START);
    tries.add("team", START.plusSeconds(60));

    assertThat(earliest(true, "team")).isEqualTo(START.plusSeconds(601));
    assertThat(earliest(false, "team")).isEqualTo(Instant.EPOCH);

    tries.add("team", START.plusSeconds(90));
    assertThat(earliest(false, "team")).isEqualTo(START.plusSeconds(601));
  }

  @Test
  void theLastOfTenMinutesIsKeptForANamespaceThatSentNone() {
    tries.add("team", START);
    tries.add("team", START.plusSeconds(60));

    assertThat(earliest(false, "team", "others")).isEqualTo(START.plusSeconds(601));
    assertThat(tries.earliest("others", List.of("team", "others"), false, START.plusSeconds(120)))
        .isEqualTo(Instant.EPOCH);
  }

  @Test
  void aTryThatAStatusTellsOfIsCountedOnce() {
    tries.add("team", START.plusMillis(400));
    tries.learn("team", List.of(START, START.minusSeconds(100)));
    tries.learn("team", List.of(START, START.minusSeconds(100)));
    assertThat(earliest(false, "team")).as("two").isEqualTo(Instant.EPOCH);

    tries.learn("others", List.of(START));
    assertThat(earliest(false, "team"))
        .as("another one's, in the same second")
        .isEqualTo(START.plusSeconds(501));
  }
}
