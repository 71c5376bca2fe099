package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.status.Outcome;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one process keeps of a credential, and when it lets go of it. */
class CredentialMemoryTest {
  private static final ResourceID FLEET = new ResourceID("fleet", "team-a");
  private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
  private static final Duration LIFE = Duration.ofHours(1);

  private final CredentialMemories memories = new CredentialMemories();

  @Test
  void keepsATokenInHandUntilItExpires() {
    CredentialMemory memory = holding("one", "hash");

    assertThat(memory.inHand(NOW.plus(LIFE).minusSeconds(1))).isNotNull();
    assertThat(memories.holdsToken()).isTrue();
    assertThat(memory.inHand(NOW.plus(LIFE))).isNull();
    assertThat(memory.inHand(NOW)).as("dropped for good").isNull();
    assertThat(memories.holdsToken()).isFalse();
  }

  @Test
  void doesNotCountATokenWhoseWriteNeedsAPerson() {
    CredentialMemory memory = memories.of(FLEET, "one");
    memory.keep(token("hash"), true);

    assertThat(memories.holdsToken()).isFalse();
    assertThat(memory.inHand(NOW)).as("it is written all the same, once it can be").isNotNull();

    memory.keep(token("hash"), false);
    assertThat(memories.holdsToken()).isTrue();
  }

  @Test
  void isTheSameFromStepToStep() {
    CredentialMemory memory = holding("one", "hash");

    assertThat(memories.of(FLEET, "one")).isSameAs(memory);
  }

  @Test
  void knowsNothingOfAnotherCredentialOfTheSameName() {
    holding("one", "hash");

    assertThat(memories.of(FLEET, "two").inHand(NOW)).isNull();
    assertThat(memories.of(FLEET, "one").inHand(NOW)).as("forgotten for good").isNull();
  }

  @Test
  void doesNotRememberAnythingOfACredentialThatIsGone() {
    CredentialMemory memory = memories.of(FLEET, "one");

    assertThat(memories.forget(FLEET)).hasValue("one");
    memory.keep(token("hash"), false);

    assertThat(memories.holdsToken()).isFalse();
    assertThat(memories.forget(FLEET)).isEmpty();
  }

  @Test
  void letsGoOfATokenThatIsInTheCluster() {
    CredentialMemory memory = holding("one", "hash");

    memory.found(stored("hash"));

    assertThat(memory.inHand(NOW)).isNull();
  }

  @Test
  void keepsATokenWhileAnotherIsInTheCluster() {
    CredentialMemory memory = holding("one", "hash");

    memory.found(stored("earlier"));

    assertThat(memory.inHand(NOW)).isNotNull();
  }

  @Test
  void givesARefreshTokenOnce() {
    CredentialMemory memory = memories.of(FLEET, "one");
    memory.granted(new CredentialMemory.Refresh("token", "spec", "login/1", LIFE));

    assertThat(memory.takeRefresh()).isPresent();
    assertThat(memory.takeRefresh()).isEmpty();
  }

  @Test
  void givesNoRefreshTokenAfterTwoRefusalsInARowUntilTheSpecChanges() {
    CredentialMemory memory = memories.of(FLEET, "one");
    CredentialMemory.Refresh refresh =
        new CredentialMemory.Refresh("token", "spec", "login/1", LIFE);
    memory.refreshRefused("spec");
    memory.granted(refresh);
    assertThat(memory.takeRefresh()).as("refused once").isPresent();
    memory.refreshed(LIFE);
    memory.refreshRefused("spec");
    memory.granted(refresh);
    assertThat(memory.takeRefresh()).as("accepted in between").isPresent();

    memory.refreshRefused("spec");
    memory.granted(refresh);
    assertThat(memory.takeRefresh()).as("refused twice in a row").isEmpty();

    memory.granted(new CredentialMemory.Refresh("token", "another spec", "login/1", LIFE));
    assertThat(memory.takeRefresh()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "a whole life,                             30, 60, false",
    "a second is lost to the server's clock,   30, 59, false",
    "the session ends with the stored token,   30, 30, true",
    "it ends a little later,                   30, 45, true",
    "it ends half a life later,                30, 60, false",
    "it ends half a life later for a late one, 40, 50, false",
    "it ends before the stored token,          30, 20, true",
    "a whole life that was asked for early,     6, 60, false",
    "a short life that was asked for early,     6, 54, true",
  })
  void knowsASessionThatEnds(String when, long askedAfter, long life, boolean ends) {
    Duration minute = Duration.ofSeconds(60);
    Lifetime brought = Lifetime.of(NOW.plusSeconds(askedAfter), Duration.ofSeconds(life));
    CredentialMemory.Refresh refresh =
        new CredentialMemory.Refresh("token", "spec", "login/1", minute);

    assertThat(refresh.isOfASessionThatEnds(brought, Lifetime.of(NOW, minute)))
        .as(when)
        .isEqualTo(ends);
  }

  @Test
  void knowsSinceWhenAStatusCouldNotBeWritten() {
    CredentialMemory memory = memories.of(FLEET, "one");

    assertThat(memory.unsaved(IrisCredentialStatus.NONE, NOW)).isEqualTo(NOW);
    assertThat(memory.unsaved(IrisCredentialStatus.NONE, NOW.plusSeconds(60))).isEqualTo(NOW);
    memory.saved();
    assertThat(memory.unsaved()).isNull();
  }

  @Test
  void knowsSinceWhenItWaits() {
    CredentialMemory memory = memories.of(FLEET, "one");

    assertThat(since(memory, NOW)).isEqualTo(NOW);
    assertThat(since(memory, NOW.plusSeconds(5))).isEqualTo(NOW);
    assertThat(since(memory, NOW.minusSeconds(5)))
        .as("the clock was set back")
        .isEqualTo(NOW.minusSeconds(5));
    memory.recordRequest(NOW.plusSeconds(50));
    assertThat(since(memory, NOW.plusSeconds(60))).isEqualTo(NOW.plusSeconds(60));
    assertThat(since(memory, NOW.plusSeconds(3600)))
        .as("it was suspended for an hour")
        .isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void forgetsAnEarlierCredentialOfTheName() {
    memories.of(FLEET, "one");

    assertThat(memories.forgetEarlier(FLEET, "one")).isEmpty();
    assertThat(memories.forgetEarlier(FLEET, "two")).contains("one");
    assertThat(memories.forgetEarlier(FLEET, "two")).isEmpty();
  }

  @Test
  void knowsARepairThatAnotherWriterReverts() {
    CredentialMemory memory = memories.of(FLEET, "one");
    assertThat(memory.hasRepaired("content", NOW)).isFalse();

    memory.repaired("content", NOW);

    assertThat(memory.hasRepaired("content", NOW.plusSeconds(9))).isTrue();
    assertThat(memory.hasRepaired("content", NOW.plusSeconds(10))).isFalse();
    assertThat(memory.hasRepaired("content", NOW.minusSeconds(9))).as("clock set back").isTrue();
    assertThat(memory.hasRepaired("other content", NOW)).isFalse();
  }

  @Test
  void showsNoToken() {
    assertThat(token("hash").toString()).startsWith("InHand[").doesNotContain("token");
    assertThat(new CredentialMemory.Refresh("token", "spec", "login/1", LIFE))
        .hasToString("Refresh[withheld]");
  }

  private static Instant since(CredentialMemory memory, Instant now) {
    return memory.waits(WaitReason.BUSY, now, now).since();
  }

  private CredentialMemory holding(String uid, String hash) {
    CredentialMemory memory = memories.of(FLEET, uid);
    memory.keep(token(hash), false);
    return memory;
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

  @Test
  void knowsWhatAnEarlierDefinitionDropsOfAStatus() {
    CredentialMemory memory = memories.of(FLEET, "one");
    IrisCredentialStatus status = new IrisCredentialStatus(1L, null, null, null, null, "asked");
    IrisCredentialStatus kept = IrisCredentialStatus.NONE;
    assertThat(memory.isWritten(status, status)).isTrue();
    assertThat(memory.isWritten(status, kept)).isFalse();

    memory.written(status, kept);
    assertThat(memory.isWritten(status, kept)).as("writing it again changes nothing").isTrue();

    memory.written(status, status);
    assertThat(memory.isWritten(status, kept)).as("it is whole now").isFalse();
  }
}
