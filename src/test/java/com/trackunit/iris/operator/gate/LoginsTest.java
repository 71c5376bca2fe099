package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.gate.Logins.Attempt;
import com.trackunit.iris.operator.gate.Logins.Turn;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose turn it is to try a login that several credentials share. */
class LoginsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(1800);
  private static final Attempt NEW = new Attempt("login", "password", false, null);
  private static final Attempt CORRECTED = new Attempt("login", "corrected password", true, null);
  private static final Attempt PROVEN = new Attempt("login", "password", false, EARLIER);
  private static final Attempt OTHER_PASSWORD = new Attempt("login", "other password", false, null);
  private static final Attempt OTHER_PASSWORD_PROVEN =
      new Attempt("login", "other password", false, EARLIER);
  private static final Attempt OTHER_LOGIN = new Attempt("other login", "password", false, null);

  private final Logins logins = new Logins();

  @Test
  void isProvenByTheTokenThatWasIssuedForTheSameSecret() {
    assertThat(attempt(stored("secret/1"), null)).isEqualTo(new Attempt("l", "p", false, NOW));
    assertThat(attempt(stored("secret/0"), null)).isEqualTo(new Attempt("l", "p", true, null));
    assertThat(attempt(new Target.Absent(), null)).isEqualTo(new Attempt("l", "p", false, null));
  }

  @Test
  void isCorrectedWhenTheRefusedSecretHasChanged() {
    Rejections refused = Rejections.first("l", NOW);
    Failure same = Failure.during(refused, "request", "secret/1");
    Failure changed = Failure.during(refused, "request", "secret/0");
    assertThat(attempt(stored("secret/1"), same)).isEqualTo(new Attempt("l", "p", false, null));
    assertThat(attempt(stored("secret/1"), changed)).isEqualTo(new Attempt("l", "p", true, null));
  }

  private static Attempt attempt(Target target, @Nullable Failure failure) {
    Observation seen =
        new Observation(
            NOW, "spec", "request", target, failure, "secret/1", null, null, Demand.NONE);
    return Attempt.of("l", "p", seen, "secret/1");
  }

  private static Target stored(String version) {
    Lifetime life = Lifetime.of(NOW, Duration.ofHours(1));
    return new Target.Held(
        new StoredToken(life, NOW, "api", "spec", "token", version, null), false, false);
  }

  @Test
  void anUnknownLoginIsTriedByOneAtATime() {
    assertThat(logins.take(NEW, NOW)).isEqualTo(go(NEW));
    assertThat(logins.take(NEW, NOW)).isEqualTo(new Turn.Busy(NOW.plusSeconds(1)));
    assertThat(logins.take(OTHER_LOGIN, NOW)).isEqualTo(go(OTHER_LOGIN));
    logins.undecided(go(NEW));
    assertThat(logins.take(NEW, NOW)).isEqualTo(go(NEW));
  }

  @Test
  void anAcceptedLoginIsTriedByThreeAtATime() {
    logins.take(NEW, NOW);
    logins.accepted(go(NEW));
    for (int i = 0; i < 3; i++) {
      assertThat(logins.take(PROVEN, NOW)).isEqualTo(go(PROVEN));
    }
    assertThat(logins.take(PROVEN, NOW)).isInstanceOf(Turn.Busy.class);
  }

  @Test
  void aRefusedLoginWaitsForEverybody() {
    Rejections known = refuse(NEW, NOW);
    assertThat(logins.take(NEW, NOW.plusSeconds(599)))
        .isEqualTo(new Turn.Wait(known, NOW.plusSeconds(600), false));
    assertThat(logins.take(NEW, NOW.plusSeconds(600)))
        .isEqualTo(new Turn.Go(NEW, known.tried(NOW.plusSeconds(600))));
  }

  @Test
  void aTryThatWasRecordedIsNotCountedTwice() {
    refuse(NEW, NOW);
    Turn.Go turn = (Turn.Go) logins.take(NEW, NOW.plusSeconds(600));
    assertThat(logins.refused(turn, NOW.plusSeconds(601)))
        .isEqualTo(turn.during())
        .extracting(Rejections::count)
        .isEqualTo(2);
  }

  @Test
  void aTryThatCameToNothingIsNotCounted() {
    Rejections known = refuse(NEW, NOW);
    logins.take(NEW, NOW.plusSeconds(600));
    logins.undecided(go(NEW));
    assertThat(logins.take(NEW, NOW.plusSeconds(602)))
        .isEqualTo(new Turn.Go(NEW, known.tried(NOW.plusSeconds(602))));
  }

  @Test
  void threeAtOnceThatAreRefusedAreThreeTries() {
    logins.take(NEW, NOW);
    logins.accepted(go(NEW));
    Turn.Go turn = go(PROVEN);
    for (int i = 0; i < 3; i++) {
      logins.take(PROVEN, NOW);
    }
    logins.refused(turn, NOW);
    logins.refused(turn, NOW);
    Rejections known = logins.refused(turn, NOW);
    assertThat(known.count()).isEqualTo(3);
    assertThat(known.nextTry()).isEqualTo(NOW.plus(Duration.ofHours(24)));
    assertThat(logins.take(PROVEN, NOW.plusSeconds(1))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void aCorrectedLoginIsTriedAtOnce() {
    refuse(NEW, NOW);
    assertThat(logins.take(CORRECTED, NOW.plusSeconds(1))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void anotherPasswordForTheSameUserIsTriedAtOnce() {
    refuse(NEW, NOW);
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(1))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void aProvenPasswordIsNotKeptBackBySomebodyElsesWrongOne() {
    refuse(NEW, NOW);
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, NOW.plusSeconds(1)))
        .isEqualTo(go(OTHER_PASSWORD_PROVEN));
  }

  @Test
  void aProvenPasswordThatIsRefusedForOneWaitsForAll() {
    refuse(PROVEN, NOW);
    assertThat(logins.take(PROVEN, NOW.plusSeconds(1))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void whoIsNewIsNotKeptBackByAWrongPasswordOnceSomebodyWasLetIn() {
    Rejections told = refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD_PROVEN, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD_PROVEN));
    logins.learn(told, NOW);
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(2))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void thePasswordThatWasRefusedIsNotSentAgainHoweverItsSecretChanges() {
    refuse(NEW, NOW);
    Attempt annotated = new Attempt("login", "password", true, null);
    assertThat(logins.take(annotated, NOW.plusSeconds(60))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void anotherCredentialsSuccessDoesNotShortenTheWaitOfAWrongPassword() {
    Rejections known = refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD));
    assertThat(logins.take(NEW, NOW.plusSeconds(2)))
        .isEqualTo(new Turn.Wait(known, NOW.plusSeconds(600), false));
    Turn.Go second = (Turn.Go) logins.take(NEW, NOW.plusSeconds(600));
    assertThat(logins.refused(second, NOW.plusSeconds(600)).nextTry())
        .isEqualTo(NOW.plusSeconds(600).plus(Duration.ofHours(6)));
  }

  @Test
  void aNewCredentialWithAnAcceptedPasswordIsNotKeptBack() {
    refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD));
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(2))).isEqualTo(go(OTHER_PASSWORD));
  }

  @Test
  void aPasswordThatWasAcceptedAndIsRefusedADayLaterStartsAnew() {
    refuse(NEW, NOW);
    logins.take(CORRECTED, NOW.plusSeconds(1));
    logins.accepted(go(CORRECTED));
    Instant later = NOW.plus(Duration.ofDays(2));
    Turn.Go turn = (Turn.Go) logins.take(CORRECTED, later);
    assertThat(logins.refused(turn, later)).isEqualTo(Rejections.first("login", later));
  }

  @Test
  void aClockThatWasSetBackCostsTheSameWaitOnce() {
    refuse(NEW, NOW);
    Instant back = NOW.minus(Duration.ofDays(1));
    assertThat(logins.take(NEW, back)).isInstanceOf(Turn.Wait.class);
    assertThat(logins.take(NEW, back.plusSeconds(599))).isInstanceOf(Turn.Wait.class);
    assertThat(logins.take(NEW, back.plusSeconds(600))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void afterARestartTheStatusesTellAndTheLatestCounts() {
    Rejections first = Rejections.first("login", NOW);
    Rejections second = first.tried(NOW.plusSeconds(600));
    logins.learn(second, NOW.plusSeconds(600));
    logins.learn(first, NOW.plusSeconds(600));
    assertThat(logins.take(NEW, NOW.plusSeconds(601)))
        .isEqualTo(new Turn.Wait(second, second.nextTry(), false));
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(601))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void afterARestartThreeThatWereRefusedInOneSecondAreThree() {
    Rejections first = Rejections.first("login", NOW);
    Rejections third = first.tried(NOW).tried(NOW);
    logins.learn(first, NOW.plusSeconds(5));
    logins.learn(third, NOW.plusSeconds(5));
    logins.learn(first.tried(NOW), NOW.plusSeconds(5));
    assertThat(logins.take(NEW, NOW.plusSeconds(600)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
  }

  @Test
  void afterARestartAProvenPasswordMayBeTheOneThatWasRefused() {
    Rejections first = Rejections.first("login", NOW);
    logins.learn(first, NOW);
    Instant soon = NOW.plusSeconds(20);
    Turn.Go turn = (Turn.Go) logins.take(PROVEN, soon);
    assertThat(turn.during()).isEqualTo(first.tried(soon));
    logins.accepted(go(PROVEN));
    assertThat(logins.take(PROVEN, soon)).isEqualTo(go(PROVEN));
  }

  @Test
  void afterARestartAndThreeRefusalsAProvenPasswordWaitsAsWell() {
    Rejections third = Rejections.first("login", NOW).tried(NOW).tried(NOW);
    logins.learn(third, NOW);
    assertThat(logins.take(PROVEN, NOW.plusSeconds(20)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
  }

  @Test
  void afterARestartAPasswordThatWasLetInAfterTheLastRefusalIsNotTheOneThatWasRefused() {
    logins.learn(Rejections.first("login", NOW).tried(NOW).tried(NOW), NOW);
    Attempt accepted = new Attempt("login", "password", false, NOW.plusSeconds(1));
    assertThat(logins.take(accepted, NOW.plusSeconds(1800))).isEqualTo(go(accepted));
  }

  @Test
  void afterARestartATokenThatMayHaveComeOfARefreshTokenProvesNothing() {
    Rejections third = Rejections.first("login", NOW).tried(NOW).tried(NOW);
    logins.learn(third, NOW);
    Attempt refreshed = new Attempt("login", "password", false, NOW.plusSeconds(1)).acceptedOnce();
    assertThat(logins.take(refreshed, NOW.plusSeconds(1800)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
    assertThat(NEW.acceptedOnce()).isEqualTo(NEW);
  }

  @Test
  void aRefusalOfAnotherDayCountsNoMoreOnceSomebodyWasLetIn() {
    logins.learn(Rejections.first("login", NOW), NOW);
    logins.take(OTHER_PASSWORD_PROVEN, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD_PROVEN));
    assertThat(during(NOW.plus(Duration.ofDays(1)).minusSeconds(1))).isNotNull();
    assertThat(during(NOW.plus(Duration.ofDays(1)))).isNull();
  }

  @Test
  void aRefusalOfAnotherDayCountsAsLongAsNobodyWasLetIn() {
    logins.learn(Rejections.first("login", NOW), NOW);
    assertThat(during(NOW.plus(Duration.ofDays(2)))).isNotNull();
  }

  @Test
  void aRefusalOfAnotherDayCountsForThePasswordThatWasRefused() {
    refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD));
    assertThat(during(NOW.plus(Duration.ofDays(2)))).isNotNull();
  }

  @Test
  void aTryAfterARefusalIsTheOnlyOne() {
    refuse(NEW, NOW);
    assertThat(logins.take(NEW, NOW.plusSeconds(600))).isInstanceOf(Turn.Go.class);
    assertThat(logins.take(NEW, NOW.plusSeconds(600))).isInstanceOf(Turn.Busy.class);
  }

  @Test
  void aTryAfterARefusalIsTheOnlyOneThoughAnotherPasswordWasAccepted() {
    refuse(NEW, NOW);
    logins.accepted((Turn.Go) logins.take(OTHER_PASSWORD, NOW.plusSeconds(1)));
    Instant aDayLater = NOW.plus(Duration.ofHours(25));
    assertThat(logins.take(NEW, aDayLater)).isInstanceOf(Turn.Go.class);
    assertThat(logins.take(NEW, aDayLater)).isInstanceOf(Turn.Busy.class);
  }

  @Test
  void onADayWithARefusalEvenAProvenPasswordIsTriedByOneAtATime() {
    logins.accepted((Turn.Go) logins.take(OTHER_PASSWORD, NOW));
    refuse(NEW, NOW.plusSeconds(1));
    Instant later = NOW.plus(Duration.ofHours(5));
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later)).isEqualTo(go(OTHER_PASSWORD_PROVEN));
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later)).isInstanceOf(Turn.Busy.class);
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later.plus(Duration.ofHours(20))))
        .isEqualTo(go(OTHER_PASSWORD_PROVEN));
  }

  @Test
  void aCorrectionThatHasToWaitIsStillOne() {
    Rejections known = refuse(NEW, NOW);
    logins.refused((Turn.Go) logins.take(CORRECTED, NOW.plusSeconds(1)), NOW.plusSeconds(1));
    Turn soon = logins.take(OTHER_PASSWORD, NOW.plusSeconds(2));
    assertThat(soon)
        .isEqualTo(new Turn.Wait(known.tried(NOW.plusSeconds(1)), NOW.plusSeconds(11), true));
  }

  // What a try at this time is recorded as before it is made.
  private @Nullable Rejections during(Instant now) {
    Turn.Go turn = (Turn.Go) logins.take(NEW, now);
    logins.undecided(go(NEW));
    return turn.during();
  }

  private static Turn.Go go(Attempt attempt) {
    return new Turn.Go(attempt, null);
  }

  private Rejections refuse(Attempt attempt, Instant now) {
    return logins.refused((Turn.Go) logins.take(attempt, now), now);
  }
}
