package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenIssuance;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For which failed writes a restart waits; a token that was granted is kept after each of them. */
class TargetWriterTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec SPEC = Specs.fleet();

  private final CredentialMemories memories = new CredentialMemories();

  static Stream<Arguments> failures() {
    return Stream.of(
        argumentSet(
            "the API server is away", new SecretStore.Failed(RetryClass.KUBERNETES, 0), true),
        argumentSet(
            "a quota or a policy",
            new SecretStore.Failed(RetryClass.KUBERNETES_DENIED, 403),
            false),
        argumentSet(
            "somebody else's Secret",
            new SecretStore.Write.Conflict(new TargetState.Foreign("no IrisCredential")),
            false),
        argumentSet(
            "the garbage collector is late",
            new SecretStore.Write.Conflict(new TargetState.Predecessor()),
            true),
        argumentSet(
            "it was restored just now",
            new SecretStore.Write.Conflict(new TargetState.Orphaned()),
            true));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void keepsTheToken(SecretStore.Write failure, boolean delaysARestart) {
    CredentialMemory memory = memories.of(new ResourceID("fleet", "team-a"), SPEC.uid());

    writer(failure).write(context(memory), granted());

    assertThat(memory.inHand(NOW)).isNotNull();
    assertThat(memories.holdsToken()).isEqualTo(delaysARestart);
  }

  private static TargetWriter writer(SecretStore.Write answer) {
    Answering store = new Answering(answer);
    return new TargetWriter(store, spec -> false, store, () -> NOW);
  }

  private static CredentialContext context(CredentialMemory memory) {
    Observation seen =
        new Observation(
            NOW,
            SPEC.specHash(),
            "request",
            new TargetState.Absent(),
            null,
            null,
            null,
            null,
            UserRequest.NONE);
    return new CredentialContext(SPEC, IrisCredentialStatus.NONE, memory, seen, null);
  }

  private static CredentialMemory.InHand granted() {
    IssuedToken token =
        new IssuedToken("token", Duration.ofHours(1), Optional.empty(), false, Optional.empty());
    StoredToken stored = TokenIssuance.of(token, NOW, SPEC, "login/1", null).orElseThrow();
    return new CredentialMemory.InHand(
        stored, "token", Outcome.Issued.of(RenewalCause.FIRST, SPEC, token));
  }

  /** Answers every write so. */
  private record Answering(Write answer) implements SecretStore, NothingCached {
    @Override
    public Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen) {
      return answer;
    }

    @Override
    public Read read(String namespace, String name) {
      return new Read.Missing();
    }

    @Override
    public Rewrite rewrite(DesiredSecret content, Secret seen) {
      return new Rewrite.Overtaken();
    }

    @Override
    public Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen) {
      return new Rewrite.Overtaken();
    }

    @Override
    public void written(Secret redacted) {
      throw new IllegalStateException("nothing was written");
    }
  }
}
