package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.GatedEndpoint;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.support.Specs;
import com.trackunit.iris.operator.time.ClockReading;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of a credential when another one has its name. */
class ObserverTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final ClockReading TIME = new ClockReading(NOW, NOW);

  private final RequestGate gate = new RequestGate(new RateLimits(5, 1));
  private final Observer observer =
      new Observer(
          new NothingCached() {},
          new CredentialMemories(),
          new TokenEndpoints(Map.of(GrantType.PASSWORD, endpoint()), Optional.empty()));

  private GatedEndpoint endpoint() {
    return new GatedEndpoint(
        "password",
        URI.create("https://example.com"),
        (grant, repetitions) -> {
          throw new IllegalStateException(grant.type());
        },
        () -> {},
        gate,
        () -> TIME);
  }

  @Test
  void removesAnEarlierCredentialOfTheNameFromTheGate() {
    gate.turn("a stranger in flight", "team", null, TIME);
    observer.observe(credential("one"), NOW);
    gate.turn("one", "integrations", null, TIME);

    observer.observe(credential("one"), NOW);
    assertThat(gate.waiting(TIME)).isOne();

    observer.observe(credential("two"), NOW);
    assertThat(gate.waiting(TIME)).isZero();
  }

  @Test
  void readsNoMissingSecretOfACredentialThatWasMadeSinceItLeads() {
    assertThat(target(credential("before it led"))).isEqualTo(new TargetState.Unseen());

    observer.leadsSince(NOW.plusMillis(900));
    assertThat(target(credential("new"))).isEqualTo(new TargetState.Absent());

    observer.leadsSince(NOW.plusSeconds(1));
    assertThat(target(credential("of an earlier leader"))).isEqualTo(new TargetState.Unseen());
  }

  @Test
  void readsTheMissingSecretOfACredentialThatHadATokenOrAFailure() {
    observer.leadsSince(NOW);
    IrisCredential issued = credential("issued");
    TokenStatus token = new TokenStatus(NOW, NOW.plusSeconds(60), NOW.plusSeconds(30), "api");
    issued.setStatus(new IrisCredentialStatus(1L, List.of(), token, null, null, null));
    assertThat(target(issued)).isEqualTo(new TargetState.Unseen());

    IrisCredential failed = credential("failed");
    FailureStatus failure =
        new FailureStatus(1, NOW, NOW, "Waiting", "TargetSecretConflict", "hash", null, null);
    failed.setStatus(new IrisCredentialStatus(1L, List.of(), null, null, failure, null));
    assertThat(target(failed)).isEqualTo(new TargetState.Unseen());
  }

  private TargetState target(IrisCredential credential) {
    return observer.observe(credential, NOW).seen().target();
  }

  private static IrisCredential credential(String uid) {
    IrisCredential credential = Specs.credential("integrations", "fleet", uid);
    credential.getMetadata().setCreationTimestamp(NOW.toString());
    return credential;
  }
}
