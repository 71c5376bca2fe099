package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a step knows, and what it learns on its way. */
class CredentialContextTest {
  private static final Instant CREATED = Instant.parse("2026-11-02T08:00:00Z");
  private static final StoredToken TOKEN = issuedAt(CREATED.plusSeconds(10));

  private final CredentialMemory memory = new CredentialMemory("uid-1");

  private static StoredToken issuedAt(Instant time) {
    Lifetime life = Lifetime.of(time, Duration.ofHours(1));
    return new StoredToken(life, time.plusSeconds(2000), "api", "spec", "hash", "login/1", null);
  }

  private CredentialContext context(IrisCredentialStatus status, TargetState target) {
    Observation seen =
        new Observation(
            CREATED, "spec", "request", target, null, null, null, null, UserRequest.NONE);
    return new CredentialContext(Specs.fleet(), status, memory, seen, null);
  }

  private CredentialContext holding(StoredToken token) {
    return context(IrisCredentialStatus.NONE, new TargetState.Held(token, false, false));
  }

  @Test
  void knowsWhetherItsSecretHeldATokenBefore() {
    assertThat(context(IrisCredentialStatus.NONE, new TargetState.Absent()).heldBefore()).isFalse();
    assertThat(holding(TOKEN).heldBefore()).as("written, the status lost").isFalse();
    assertThat(holding(TOKEN).before()).isEqualTo(TOKEN);
    assertThat(holding(issuedAt(CREATED.minusSeconds(1))).heldBefore()).as("adopted").isTrue();
    TokenStatus told = new TokenStatus(CREATED, CREATED, CREATED, "api");
    IrisCredentialStatus status = new IrisCredentialStatus(1L, List.of(), told, null, null, null);
    assertThat(context(status, new TargetState.Absent()).heldBefore()).as("told").isTrue();
    memory.saw(TOKEN);
    assertThat(context(IrisCredentialStatus.NONE, new TargetState.Absent()).heldBefore()).isTrue();
  }

  @Test
  void learnsThatItsSecretIsGone() {
    CredentialContext context = holding(TOKEN);
    context.recordTarget((Secret) null);
    assertThat(context.target()).isNull();
    assertThat(context.seen().target()).isEqualTo(new TargetState.Absent());
    assertThat(context.stored()).isNull();
  }

  @Test
  void learnsThatItsSecretBelongsToAnotherAndKeepsNoValueOfIt() {
    CredentialContext context = holding(TOKEN);
    context.recordTarget(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("team-a")
            .withName("fleet-token")
            .withUid("secret")
            .withResourceVersion("7")
            .endMetadata()
            .addToData("password", "aHVzaA==")
            .build());
    assertThat(context.seen().target()).isInstanceOf(TargetState.Foreign.class);
    assertThat(String.valueOf(context.target())).doesNotContain("aHVzaA==");
  }

  @Test
  void keepsATokenUntilItIsWritten() {
    CredentialContext context = context(IrisCredentialStatus.NONE, new TargetState.Absent());
    context.keep(
        new CredentialMemory.InHand(TOKEN, "token", new Outcome.Issued(RenewalCause.FIRST, "")),
        false);
    assertThat(context.seen().inHand()).isEqualTo(TOKEN);
    assertThat(memory.inHand(CREATED)).isNotNull();

    context.wrote(TOKEN);

    assertThat(context.seen().inHand()).isNull();
    assertThat(memory.inHand(CREATED)).isNull();
  }
}
