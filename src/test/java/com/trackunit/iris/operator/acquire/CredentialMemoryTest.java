package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.StoredToken;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What one process keeps of a credential, and when it lets go of it. */
class CredentialMemoryTest {
  private static final ResourceID FLEET = new ResourceID("fleet", "team-a");
  private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
  private static final Duration LIFE = Duration.ofHours(1);

  private final CredentialMemory memory = new CredentialMemory();

  @Test
  void keepsATokenInHandUntilItExpires() {
    hold("one", "hash");

    assertThat(inHand("one", NOW.plus(LIFE).minusSeconds(1))).isNotNull();
    assertThat(inHand("one", NOW.plus(LIFE))).isNull();
    assertThat(inHand("one", NOW)).as("dropped for good").isNull();
  }

  @Test
  void knowsNothingOfAnotherCredentialOfTheSameName() {
    hold("one", "hash");

    assertThat(memory.of(FLEET, "two", NOW))
        .isEqualTo(CredentialMemory.Recollection.nothing("two"));
    assertThat(inHand("one", NOW)).as("forgotten for good").isNull();
  }

  @Test
  void doesNotRememberWhatIsTooLate() {
    hold("one", "hash");
    memory.of(FLEET, "two", NOW);

    memory.update(FLEET, "one", known -> known.withLastRequest(NOW));

    assertThat(memory.of(FLEET, "two", NOW))
        .isEqualTo(CredentialMemory.Recollection.nothing("two"));
  }

  @Test
  void doesNotRememberAnythingOfACredentialThatIsGone() {
    hold("one", "hash");

    assertThat(memory.forget(FLEET)).hasValue("one");
    memory.update(FLEET, "one", known -> known.withLastRequest(NOW));

    assertThat(memory.forget(FLEET)).isEmpty();
  }

  @Test
  void letsGoOfATokenThatIsInTheCluster() {
    hold("one", "hash");

    assertThat(memory.written(FLEET, "one", stored("hash")).inHand()).isNull();
    assertThat(inHand("one", NOW)).isNull();
  }

  @Test
  void keepsATokenWhileAnotherIsInTheCluster() {
    hold("one", "hash");

    assertThat(memory.written(FLEET, "one", stored("earlier")).inHand()).isNotNull();
    assertThat(inHand("one", NOW)).isNotNull();
  }

  private void hold(String uid, String hash) {
    memory.of(FLEET, uid, NOW);
    memory.update(FLEET, uid, known -> known.withInHand(token(hash)));
  }

  private CredentialMemory.InHand inHand(String uid, Instant now) {
    return memory.of(FLEET, uid, now).inHand();
  }

  private static CredentialMemory.InHand token(String hash) {
    return new CredentialMemory.InHand(
        stored(hash), "token", new Outcome.Issued(RenewalCause.FIRST, ""));
  }

  private static StoredToken stored(String hash) {
    return new StoredToken(
        new Lifetime(NOW, NOW.plus(LIFE)),
        NOW.plus(LIFE.dividedBy(2)),
        "api",
        "spec",
        hash,
        null,
        null);
  }
}
