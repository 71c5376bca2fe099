package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.Attempt;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.status.Reason;
import com.trackunit.iris.operator.support.Specs;
import com.trackunit.iris.operator.time.ClockReading;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a start concludes from refusals that the statuses tell of. */
class RememberedRefusalsTest {
  private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

  private final RememberedRefusals refusals = new RememberedRefusals();
  private final RequestGate gate = new RequestGate(new RateLimits(100, 8));

  private static EffectiveSpec spec(String name) {
    return EffectiveSpec.of(Specs.credential("team", name, name));
  }

  /** A refusal so many seconds ago, of a login with the name of its credential. */
  private void refused(String name, int secondsAgo, boolean proven, RetryClass kind, Reason why) {
    Instant at = NOW.minusSeconds(secondsAgo);
    LoginRejections tries =
        new LoginRejections(name, 1, at, at.plusSeconds(600), List.of(at), proven);
    refusals.add(
        spec(name),
        new RetryState(
            kind, why.text(), 1, at, at.plusSeconds(600), "request", "secret-" + name, tries));
  }

  private void refused(String name, int secondsAgo) {
    refused(name, secondsAgo, true, RetryClass.REJECTED, Reason.CREDENTIALS_REJECTED);
  }

  private void accepted(String name, int secondsAgo) {
    Instant at = NOW.minusSeconds(secondsAgo);
    TokenStatus token = new TokenStatus(at, at.plusSeconds(3600), at.plusSeconds(2000), "api");
    refusals.add(spec(name), new IrisCredentialStatus(1L, List.of(), token, null, null, null));
  }

  private boolean isOutage() {
    GatedEndpoint endpoint =
        new GatedEndpoint(
            "password",
            URI.create("https://auth.example.com/token"),
            (grant, repetitions) -> {
              throw new IllegalStateException(grant.type());
            },
            () -> {},
            gate,
            () -> new ClockReading(NOW, NOW));
    new TokenEndpoints(Map.of(GrantType.PASSWORD, endpoint), Optional.empty()).learn(refusals, NOW);
    return gate.isOpen();
  }

  @Test
  void threeProvenLoginsOfAMinuteAreAnOutage() {
    refused("a", 160);
    refused("b", 130);
    refused("c", 100);
    assertThat(isOutage()).isTrue();
  }

  @Test
  void threeOfTwoMinutesAreNot() {
    refused("a", 161);
    refused("b", 130);
    refused("c", 100);
    assertThat(isOutage()).isFalse();
  }

  @Test
  void twoAreNot() {
    refused("a", 110);
    refused("b", 100);
    assertThat(isOutage()).isFalse();
  }

  @Test
  void loginsThatWereNeverAcceptedAreNot() {
    for (String name : List.of("a", "b", "c")) {
      refused(name, 100, false, RetryClass.REJECTED, Reason.CREDENTIALS_REJECTED);
    }
    assertThat(isOutage()).isFalse();
  }

  @Test
  void loginsWithoutAnAnswerAreNot() {
    for (String name : List.of("a", "b", "c")) {
      refused(name, 100, true, RetryClass.NO_VERDICT, Reason.ENDPOINT_UNAVAILABLE);
    }
    assertThat(isOutage()).isFalse();
  }

  @Test
  void anAcceptanceSinceEndsIt() {
    refused("a", 110);
    refused("b", 105);
    refused("c", 100);
    accepted("d", 99);
    accepted("e", 200);
    assertThat(isOutage()).isFalse();
  }

  @Test
  void anEarlierAcceptanceDoesNot() {
    refused("a", 110);
    refused("b", 105);
    refused("c", 100);
    accepted("d", 111);
    assertThat(isOutage()).isTrue();
  }

  @Test
  void oneThatSaysThatTheServerRefusesEveryLoginIsEnough() {
    refused("a", 100, true, RetryClass.REJECTED, Reason.ENDPOINT_UNAVAILABLE);
    assertThat(isOutage()).isTrue();
  }

  @Test
  void theTriesOfEachLoginAreKnown() {
    refused("a", 100);
    assertThat(isOutage()).isFalse();
    Attempt same =
        new Attempt(
            "a",
            "team",
            "a",
            "values",
            "secret-a",
            "request",
            null,
            false,
            false,
            null,
            null,
            false);
    ClockReading here = new ClockReading(NOW, NOW);
    gate.turn("a", "team", null, here);
    assertThat(gate.admit(same, here).toString()).startsWith("HeldBack");
  }
}
