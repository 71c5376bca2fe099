package com.trackunit.iris.operator.lockout;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.lockout.LoginGuard.Turn;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose turn it is to try a login that several credentials share. */
class LoginGuardTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(1800);
  private static final LoginStanding ACCEPTED = new LoginStanding(true, Duration.ZERO);
  private static final Attempt NEW = attempt("login", "password", false, null);
  private static final Attempt CORRECTED = attempt("login", "corrected password", true, null);
  private static final Attempt PROVEN = attempt("login", "password", false, EARLIER);
  private static final Attempt REFUSED =
      new Attempt("endpoint", "login", "password", false, new LoginEvidence(true, null, 1, null));
  private static final Attempt OTHER_PASSWORD = attempt("login", "other password", false, null);
  private static final Attempt OTHER_PASSWORD_PROVEN =
      attempt("login", "other password", false, EARLIER);
  private static final Attempt OTHER_LOGIN = attempt("other login", "password", false, null);

  private final LoginGuard logins = new LoginGuard();

  @Test
  void isProvenByTheTokenThatWasIssuedForTheSameSecret() {
    Instant end = NOW.plusSeconds(3600);
    assertThat(attempt(stored("secret/1"), null))
        .isEqualTo(attempt(false, new LoginEvidence(true, NOW, 0, end)));
    assertThat(attempt(stored("secret/0"), null))
        .isEqualTo(attempt(true, new LoginEvidence(false, null, 0, end)));
    assertThat(attempt(new TargetState.Absent(), null))
        .isEqualTo(attempt(false, new LoginEvidence(false, null, 0, null)));
  }

  @Test
  void isCorrectedWhenTheRefusedSecretHasChanged() {
    LoginRejections refused = LoginRejections.first("l", NOW);
    RetryState same = RetryState.during(refused, "CredentialsRejected", "request", "secret/1");
    RetryState changed = RetryState.during(refused, "CredentialsRejected", "request", "secret/0");
    Instant end = NOW.plusSeconds(3600);
    assertThat(attempt(stored("secret/0"), same))
        .isEqualTo(attempt(false, new LoginEvidence(false, null, 1, end)));
    assertThat(attempt(stored("secret/0"), changed))
        .isEqualTo(attempt(true, new LoginEvidence(false, null, 0, end)));
  }

  @Test
  void staysProvenThroughRefusalsAndARestart() {
    RetryState unproven =
        RetryState.during(
            LoginRejections.first("l", NOW), "CredentialsRejected", "request", "secret/1");
    RetryState proven =
        RetryState.during(
            LoginRejections.first("l", ACCEPTED, NOW),
            "CredentialsRejected",
            "request",
            "secret/1");
    RetryState ofAnother =
        RetryState.during(
            LoginRejections.first("l", ACCEPTED, NOW),
            "CredentialsRejected",
            "request",
            "secret/0");
    assertThat(attempt(stored("secret/1"), unproven).evidence().accepted()).isTrue();
    assertThat(attempt(stored("secret/0"), proven).evidence().accepted()).isTrue();
    assertThat(attempt(new TargetState.Absent(), proven).evidence().accepted()).isTrue();
    assertThat(attempt(stored("secret/0"), ofAnother).evidence().accepted()).isFalse();
    assertThat(attempt(new TargetState.Absent(), unproven).evidence().accepted()).isFalse();
  }

  private static Attempt attempt(boolean corrected, LoginEvidence evidence) {
    return new Attempt("endpoint", "l", "p", corrected, evidence);
  }

  private static Attempt attempt(
      String login, String password, boolean corrected, @Nullable Instant accepted) {
    return new Attempt(
        "endpoint",
        login,
        password,
        corrected,
        new LoginEvidence(accepted != null, accepted, 0, null));
  }

  private static Attempt attempt(TargetState target, @Nullable RetryState failure) {
    Observation seen =
        new Observation(
            NOW, "spec", "request", target, failure, "secret/1", null, null, UserRequest.NONE);
    return Attempt.of("endpoint", "l", "p", seen, "secret/1");
  }

  private static TargetState stored(String version) {
    Lifetime life = Lifetime.of(NOW, Duration.ofHours(1));
    return new TargetState.Held(
        new StoredToken(life, NOW, "api", "spec", "token", version, null), false, false);
  }

  @Test
  void anUnknownLoginIsTriedByOneAtATime() {
    assertThat(logins.take(NEW, NOW)).isEqualTo(go(NEW));
    assertThat(logins.take(NEW, NOW)).isEqualTo(new Turn.Busy(NOW.plusSeconds(1)));
    assertThat(logins.take(OTHER_LOGIN, NOW)).isEqualTo(go(OTHER_LOGIN));
    logins.undecided(go(NEW), NOW);
    assertThat(logins.take(NEW, NOW)).isEqualTo(go(NEW));
  }

  @Test
  void anAcceptedLoginIsTriedByThreeAtATime() {
    logins.take(NEW, NOW);
    logins.accepted(go(NEW), NOW);
    for (int i = 0; i < 3; i++) {
      assertThat(logins.take(PROVEN, NOW)).isEqualTo(go(PROVEN));
    }
    assertThat(logins.take(PROVEN, NOW)).isInstanceOf(Turn.Busy.class);
  }

  @Test
  void aRefusedLoginWaitsForEverybody() {
    LoginRejections known = refuse(NEW, NOW);
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
        .extracting(LoginRejections::count)
        .isEqualTo(2);
  }

  @Test
  void aTryThatCameToNothingIsNotCounted() {
    LoginRejections known = refuse(NEW, NOW);
    logins.take(NEW, NOW.plusSeconds(600));
    logins.undecided(go(NEW), NOW);
    assertThat(logins.take(NEW, NOW.plusSeconds(602)))
        .isEqualTo(new Turn.Go(NEW, known.tried(NOW.plusSeconds(602))));
  }

  @Test
  void threeAtOnceThatAreRefusedAreThreeTries() {
    logins.take(NEW, NOW);
    logins.accepted(go(NEW), NOW);
    Turn.Go turn = go(PROVEN);
    for (int i = 0; i < 3; i++) {
      logins.take(PROVEN, NOW);
    }
    logins.refused(turn, NOW);
    logins.refused(turn, NOW);
    LoginRejections known = logins.refused(turn, NOW);
    assertThat(known.count()).isEqualTo(3);
    assertThat(known.nextTry()).isEqualTo(NOW.plus(Duration.ofMinutes(60)));
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
    LoginRejections told = refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD_PROVEN, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD_PROVEN), NOW);
    logins.learn(told, NOW);
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(2))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void thePasswordThatWasRefusedIsNotSentAgainHoweverItsSecretChanges() {
    refuse(NEW, NOW);
    Attempt annotated = attempt("login", "password", true, null);
    assertThat(logins.take(annotated, NOW.plusSeconds(60))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void anotherCredentialsSuccessDoesNotShortenTheWaitOfAWrongPassword() {
    LoginRejections known = refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD), NOW);
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
    logins.accepted(go(OTHER_PASSWORD), NOW);
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(2))).isEqualTo(go(OTHER_PASSWORD));
  }

  @Test
  void aPasswordThatWasAcceptedAndIsRefusedADayLaterStartsAnew() {
    refuse(NEW, NOW);
    logins.take(CORRECTED, NOW.plusSeconds(1));
    logins.accepted(go(CORRECTED), NOW);
    Instant later = NOW.plus(Duration.ofDays(2));
    Turn.Go turn = (Turn.Go) logins.take(CORRECTED, later);
    assertThat(logins.refused(turn, later))
        .isEqualTo(LoginRejections.first("login", ACCEPTED, later));
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
    LoginRejections first = LoginRejections.first("login", NOW);
    LoginRejections second = first.tried(NOW.plusSeconds(600));
    logins.learn(second, NOW.plusSeconds(600));
    logins.learn(first, NOW.plusSeconds(600));
    assertThat(logins.take(NEW, NOW.plusSeconds(601)))
        .isEqualTo(new Turn.Wait(second, second.nextTry(), false));
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(601))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void afterARestartThreeThatWereRefusedInOneSecondAreThree() {
    LoginRejections first = LoginRejections.first("login", NOW);
    LoginRejections third = first.tried(NOW).tried(NOW);
    logins.learn(first, NOW.plusSeconds(5));
    logins.learn(third, NOW.plusSeconds(5));
    logins.learn(first.tried(NOW), NOW.plusSeconds(5));
    assertThat(logins.take(NEW, NOW.plusSeconds(600)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
  }

  @Test
  void afterARestartAProvenPasswordMayBeTheOneThatWasRefused() {
    LoginRejections first = LoginRejections.first("login", NOW);
    logins.learn(first, NOW);
    Instant soon = NOW.plusSeconds(20);
    Turn.Go turn = (Turn.Go) logins.take(PROVEN, soon);
    assertThat(turn.during()).isEqualTo(first.tried(1, ACCEPTED, soon));
    logins.accepted(go(PROVEN), NOW);
    assertThat(logins.take(PROVEN, soon)).isEqualTo(go(PROVEN));
  }

  @Test
  void afterARestartAndThreeRefusalsAProvenPasswordWaitsAsWell() {
    LoginRejections third = LoginRejections.first("login", NOW).tried(NOW).tried(NOW);
    logins.learn(third, NOW);
    assertThat(logins.take(PROVEN, NOW.plusSeconds(20)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
  }

  @Test
  void afterARestartAPasswordThatWasLetInAfterTheLastRefusalIsNotTheOneThatWasRefused() {
    logins.learn(LoginRejections.first("login", NOW).tried(NOW).tried(NOW), NOW);
    Attempt accepted = attempt("login", "password", false, NOW.plusSeconds(1));
    assertThat(logins.take(accepted, NOW.plusSeconds(1800))).isEqualTo(go(accepted));
  }

  @Test
  void afterARestartATokenThatMayHaveComeOfARefreshTokenProvesNothing() {
    LoginRejections third = LoginRejections.first("login", NOW).tried(NOW).tried(NOW);
    logins.learn(third, NOW);
    Attempt refreshed = attempt("login", "password", false, NOW.plusSeconds(1)).acceptedOnce();
    assertThat(logins.take(refreshed, NOW.plusSeconds(1800)))
        .isEqualTo(new Turn.Wait(third, third.nextTry(), false));
    assertThat(NEW.acceptedOnce()).isEqualTo(NEW);
  }

  @Test
  void aRefusalOfAnotherDayCountsNoMoreOnceSomebodyWasLetIn() {
    logins.learn(LoginRejections.first("login", NOW), NOW);
    logins.take(OTHER_PASSWORD_PROVEN, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD_PROVEN), NOW);
    assertThat(during(NOW.plus(Duration.ofDays(1)).minusSeconds(1))).isNotNull();
    assertThat(during(NOW.plus(Duration.ofDays(1)))).isNull();
  }

  @Test
  void aRefusalOfAnotherDayCountsAsLongAsNobodyWasLetIn() {
    logins.learn(LoginRejections.first("login", NOW), NOW);
    assertThat(during(NOW.plus(Duration.ofDays(2)))).isNotNull();
  }

  @Test
  void aRefusalOfAnotherDayCountsForThePasswordThatWasRefused() {
    refuse(NEW, NOW);
    logins.take(OTHER_PASSWORD, NOW.plusSeconds(1));
    logins.accepted(go(OTHER_PASSWORD), NOW);
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
    logins.accepted((Turn.Go) logins.take(OTHER_PASSWORD, NOW.plusSeconds(1)), NOW);
    Instant aDayLater = NOW.plus(Duration.ofHours(25));
    assertThat(logins.take(NEW, aDayLater)).isInstanceOf(Turn.Go.class);
    assertThat(logins.take(NEW, aDayLater)).isInstanceOf(Turn.Busy.class);
  }

  @Test
  void onADayWithARefusalEvenAProvenPasswordIsTriedByOneAtATime() {
    logins.accepted((Turn.Go) logins.take(OTHER_PASSWORD, NOW), NOW);
    refuse(NEW, NOW.plusSeconds(1));
    Instant later = NOW.plus(Duration.ofHours(5));
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later)).isEqualTo(go(OTHER_PASSWORD_PROVEN));
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later)).isInstanceOf(Turn.Busy.class);
    assertThat(logins.take(OTHER_PASSWORD_PROVEN, later.plus(Duration.ofHours(20))))
        .isEqualTo(go(OTHER_PASSWORD_PROVEN));
  }

  @Test
  void aProvenPasswordIsTriedAfterTenTwentyAndSixtyMinutesThenAfterSixHoursAndDaily() {
    refuse(PROVEN, NOW);
    assertThat(waits(REFUSED, 6)).containsExactly(10L, 10L, 40L, 360L, 1440L, 1440L);
  }

  @Test
  void anUnprovenPasswordIsTriedAfterTenMinutesAndSixHoursAndDaily() {
    refuse(NEW, NOW);
    assertThat(waits(NEW, 4)).containsExactly(10L, 360L, 1440L, 1440L);
  }

  @Test
  void whatIsAcceptedAgainIsProvenAgainFromTheBeginning() {
    refuse(PROVEN, NOW);
    waits(REFUSED, 2);
    Instant over = NOW.plus(Duration.ofMinutes(60));
    logins.accepted((Turn.Go) logins.take(REFUSED, over), over);
    refuse(PROVEN, over.plus(Duration.ofMinutes(40)));
    Turn turn = logins.take(REFUSED, over.plus(Duration.ofMinutes(41)));
    assertThat(turn)
        .isInstanceOfSatisfying(
            Turn.Wait.class,
            wait -> assertThat(wait.until()).isEqualTo(over.plus(Duration.ofMinutes(50))));
  }

  @Test
  void anothersWrongPasswordDoesNotMakeAProvenOneWaitLonger() {
    refuse(PROVEN, NOW);
    refuse(OTHER_PASSWORD, NOW.plusSeconds(60));
    assertThat(logins.take(OTHER_PASSWORD, NOW.plusSeconds(61)))
        .isInstanceOfSatisfying(
            Turn.Wait.class,
            wait -> assertThat(wait.until()).isAfter(NOW.plus(Duration.ofHours(6))));
    assertThat(logins.take(REFUSED, NOW.plusSeconds(599))).isInstanceOf(Turn.Wait.class);
    assertThat(logins.take(REFUSED, NOW.plusSeconds(600))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void whenEveryLoginIsRefusedNobodyIsTriedButOneThatWasAcceptedBefore() {
    refuseThree();
    assertThat(logins.take(fresh("d", true), NOW.plusSeconds(3)))
        .isEqualTo(new Turn.Closed(NOW.plusSeconds(62)));
    assertThat(logins.take(fresh("d", false), NOW.plusSeconds(62))).isInstanceOf(Turn.Closed.class);
    assertThat(logins.take(fresh("e", true), NOW.plusSeconds(62))).isEqualTo(go(fresh("e", true)));
    assertThat(logins.take(fresh("f", true), NOW.plusSeconds(62))).isInstanceOf(Turn.Closed.class);
    assertThat(logins.nextLook("endpoint", NOW.plusSeconds(62))).isEqualTo(NOW.plusSeconds(64));
  }

  @Test
  void anotherEndpointsLoginsAreTried() {
    refuseThree();
    Attempt elsewhere = new Attempt("other endpoint", "d", "password", false, LoginEvidence.NONE);
    assertThat(logins.take(elsewhere, NOW.plusSeconds(3))).isEqualTo(go(elsewhere));
    assertThat(logins.nextLook("other endpoint", NOW)).isEqualTo(NOW);
  }

  @Test
  void whatIsRefusedWhenEveryLoginIsIsNotCounted() {
    refuseThree();
    Turn.Go probe = (Turn.Go) logins.take(refusedOnce("a"), NOW.plusSeconds(62));
    LoginRejections known = logins.refused(probe, NOW.plusSeconds(62));
    assertThat(known.count()).isEqualTo(1);
    assertThat(known.tries()).containsExactly(NOW, NOW.plusSeconds(62));
    assertThat(known.nextTry()).isEqualTo(NOW.plusSeconds(600));
    assertThat(logins.isClosed(probe, NOW.plusSeconds(62))).isTrue();
  }

  @Test
  void theFirstThatIsAcceptedLetsTheOthersTry() {
    refuseThree();
    RetryState held = held("a", NOW);
    assertThat(logins.asOf(NOW.plusSeconds(30), held)).isEqualTo(held);
    assertThat(logins.take(refusedOnce("a"), NOW.plusSeconds(30))).isInstanceOf(Turn.Closed.class);
    logins.accepted(
        (Turn.Go) logins.take(fresh("d", true), NOW.plusSeconds(62)), NOW.plusSeconds(62));
    assertThat(logins.asOf(NOW.plusSeconds(63), held)).isEqualTo(held.due());
    Turn.Go turn = (Turn.Go) logins.take(refusedOnce("a"), NOW.plusSeconds(63));
    assertThat(logins.refused(turn, NOW.plusSeconds(63)).count()).isEqualTo(1);
    assertThat(logins.asOf(NOW.plusSeconds(64), held)).isEqualTo(held);
    assertThat(logins.take(refusedOnce("a"), NOW.plusSeconds(64))).isInstanceOf(Turn.Wait.class);
  }

  @Test
  void oneThatIsRefusedForItselfWaitsThoughEveryLoginIsAccepted() {
    refuse(fresh("a", true), NOW);
    RetryState held = held("a", NOW);
    logins.accepted(
        (Turn.Go) logins.take(fresh("d", true), NOW.plusSeconds(1)), NOW.plusSeconds(1));
    assertThat(logins.asOf(NOW.plusSeconds(2), held)).isEqualTo(held);
    assertThat(logins.asOf(NOW.plusSeconds(2), null)).isNull();
  }

  @Test
  void whenEveryLoginIsRefusedOneAfterTheOtherIsDue() {
    refuseThree();
    assertThat(logins.asOf(NOW.plusSeconds(61), held("a", NOW))).isEqualTo(held("a", NOW));
    assertThat(logins.asOf(NOW.plusSeconds(62), held("a", NOW))).isEqualTo(held("a", NOW).due());

    logins.take(refusedOnce("a"), NOW.plusSeconds(62));

    assertThat(logins.asOf(NOW.plusSeconds(62), held("b", NOW))).isEqualTo(held("b", NOW));
  }

  @Test
  void oneThatWasRefusedAfterTheOthersWereAcceptedIsNotDue() {
    refuseThree();
    logins.accepted(
        (Turn.Go) logins.take(fresh("d", true), NOW.plusSeconds(62)), NOW.plusSeconds(62));

    RetryState later = held("a", NOW.plusSeconds(63));

    assertThat(logins.asOf(NOW.plusSeconds(64), later)).isEqualTo(later);
  }

  @Test
  void aProbeWithoutAVerdictIsFollowedByAnother() {
    refuseThree();
    Turn.Go probe = (Turn.Go) logins.take(fresh("d", true), NOW.plusSeconds(62));

    logins.undecided(probe, NOW.plusSeconds(63));

    assertThat(logins.isClosed(probe, NOW.plusSeconds(63))).isTrue();
    assertThat(logins.nextLook("endpoint", NOW.plusSeconds(64))).isEqualTo(NOW.plusSeconds(123));
    assertThat(logins.take(fresh("d", true), NOW.plusSeconds(123))).isInstanceOf(Turn.Go.class);
  }

  @Test
  void anEndpointThatRefusedOneLoginIsNotClosed() {
    Turn.Go turn = (Turn.Go) logins.take(NEW, NOW);
    logins.refused(turn, NOW);

    assertThat(logins.isClosed(turn, NOW)).isFalse();
  }

  private static RetryState held(String login, Instant at) {
    return RetryState.during(
        LoginRejections.first(login, ACCEPTED, at), "CredentialsRejected", "request", "secret/1");
  }

  private void refuseThree() {
    refuse(fresh("a", true), NOW);
    refuse(fresh("b", true), NOW.plusSeconds(1));
    refuse(fresh("c", true), NOW.plusSeconds(2));
  }

  private static Attempt fresh(String login, boolean accepted) {
    return attempt(login, "password of " + login, false, accepted ? EARLIER : null);
  }

  private static Attempt refusedOnce(String login) {
    return new Attempt(
        "endpoint", login, "password of " + login, false, new LoginEvidence(true, null, 1, null));
  }

  // How many minutes it is held back each time, when it is refused each time.
  private List<Long> waits(Attempt attempt, int number) {
    List<Long> waits = new ArrayList<>();
    Instant now = NOW;
    for (int i = 0; i < number; i++) {
      Instant until = ((Turn.Wait) logins.take(attempt, now)).until();
      waits.add(Duration.between(now, until).toMinutes());
      now = until;
      refuse(attempt, now);
    }
    return waits;
  }

  @Test
  void aCorrectionThatHasToWaitIsStillOne() {
    LoginRejections known = refuse(NEW, NOW);
    logins.refused((Turn.Go) logins.take(CORRECTED, NOW.plusSeconds(1)), NOW.plusSeconds(1));
    Turn soon = logins.take(OTHER_PASSWORD, NOW.plusSeconds(2));
    assertThat(soon)
        .isEqualTo(new Turn.Wait(known.tried(NOW.plusSeconds(1)), NOW.plusSeconds(11), true));
  }

  // What a try at this time is recorded as before it is made.
  private @Nullable LoginRejections during(Instant now) {
    Turn.Go turn = (Turn.Go) logins.take(NEW, now);
    logins.undecided(go(NEW), NOW);
    return turn.during();
  }

  private static Turn.Go go(Attempt attempt) {
    return new Turn.Go(attempt, null);
  }

  private LoginRejections refuse(Attempt attempt, Instant now) {
    return logins.refused((Turn.Go) logins.take(attempt, now), now);
  }
}
