package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows about one login, shared by all credentials with that login, and the
 * decision whether it may be sent.
 *
 * <p>Each set of values has its own schedule, so that a corrected login is sent at once. All values
 * together have the budget of {@link LoginTries}. Values are proven once they were accepted.
 * Several sets may be, since one user may have several clients.
 */
final class LoginState {
  // If the password is changed at the server, all requests in flight may be refused.
  private static final int IN_FLIGHT = 3;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration REMEMBERED = Duration.ofDays(2);
  private static final Duration EXTRA_TRY = Duration.ofHours(1);

  private final TriedValues values = new TriedValues();
  private final LoginTries tries = new LoginTries();
  private final Map<String, String> users = new HashMap<>();
  private Instant acceptedAt = Instant.MIN;
  private Instant extraTry = Instant.MIN;
  // When the last try got no answer in time; null after an answer.
  private @Nullable Instant withoutVerdictSince;
  // When accepted values got no answer in time, first of a row.
  private @Nullable Instant unansweredSince;
  private @Nullable LoginHold hold;
  private boolean refusedInOutage;
  private int inFlight;

  void usedBy(String uid, String namespace) {
    users.put(uid, namespace);
  }

  /** A credential does not use this login any more. Returns whether nobody does. */
  boolean forget(String uid) {
    users.remove(uid);
    if (hold != null) {
      hold.forget(uid);
    }
    return users.isEmpty();
  }

  /**
   * Whether nothing must be kept of this login: nobody uses it, and no limit counts its tries. They
   * outlive its last credential, so that deleting and creating one again brings no more tries.
   */
  boolean isForgotten(Instant now) {
    values.forgetBefore(now.minus(REMEMBERED));
    return tries.forget(now) && users.isEmpty() && inFlight == 0;
  }

  /** Adds the refusals that the status of a credential records. */
  void learn(String namespace, RetryState told) {
    LoginRejections rejections = told.rejections();
    String version = told.loginVersion();
    if (rejections == null) {
      return;
    }
    tries.learn(namespace, rejections.tries());
    if (version != null && told.kind().isOfARefusedLogin()) {
      values.learn(version, rejections);
    }
    if (told.kind() == RetryClass.NO_VERDICT && withoutVerdictSince == null) {
      withoutVerdictSince = told.lastTime();
    }
  }

  boolean isProven(Attempt attempt) {
    return values.isProven(attempt);
  }

  /** When the login was accepted last in this process. */
  Instant acceptedAt() {
    return acceptedAt;
  }

  @Nullable Instant withoutVerdictSince() {
    return withoutVerdictSince;
  }

  /**
   * When the first of a row of requests with accepted values got no answer; null after an answer.
   */
  @Nullable Instant unansweredSince() {
    return unansweredSince;
  }

  /** Accepted values got no answer in time. */
  void unanswered(Instant now) {
    unansweredSince = unansweredSince == null ? now : unansweredSince;
  }

  /** The server answers other logins: the requests without an answer count as tries. */
  void unansweredAlone(Attempt attempt, Instant first) {
    tries.add(attempt.namespace(), first);
    unansweredSince = null;
  }

  /** Whether these values were tried and not accepted. */
  boolean isRefused(Attempt attempt, Instant now) {
    return values.tries(attempt, now) != null;
  }

  /** Whether these values were accepted, and not refused since. */
  boolean isTrusted(Attempt attempt, Instant now) {
    return isProven(attempt) && values.tries(attempt, now) == null;
  }

  boolean isRefusedInOutage() {
    return refusedInOutage;
  }

  void refusedInOutage() {
    refusedInOutage = true;
  }

  /**
   * Decides on an attempt.
   *
   * @param probes whether the server refuses every login and this one may probe
   */
  Admission admit(Attempt attempt, boolean probes, boolean extra, Instant now) {
    Instant held = hold == null ? null : hold.look(attempt, now);
    if (held != null) {
      return new Admission.ComeBack(held, WaitReason.LOGIN_FAILS);
    }
    LoginRejections known = values.tries(attempt, now);
    boolean trusted = isTrusted(attempt, now);
    if (inFlight >= (trusted && tries.isEmpty() && hold == null ? IN_FLIGHT : 1)) {
      return new Admission.ComeBack(now.plus(SOON), WaitReason.SAME_LOGIN);
    }
    if (trusted) {
      return granted(null);
    }
    boolean repeated = known != null && !(extra && mayTryOnceMore(known, now));
    Instant own = known == null ? now : earliest(attempt, known, probes, extra, now);
    Instant budget = tries.earliest(attempt.namespace(), users.values(), repeated, now);
    Instant until = budget.isAfter(own) ? budget : own;
    if (until.isAfter(now)) {
      return new Admission.HeldBack(
          known == null ? untried(attempt, until, now) : known,
          until,
          known == null,
          budget.isAfter(own));
    }
    return granted(during(attempt, known, probes, now));
  }

  /** Whether its own limits let this login probe while the server refuses every login. */
  boolean mayProbe(Attempt attempt, Instant now) {
    LoginRejections known = values.tries(attempt, now);
    return known == null || !earliestProbe(attempt, known).isAfter(now);
  }

  private Instant earliestProbe(Attempt attempt, LoginRejections known) {
    Instant budget = known.withinProbingBudget();
    return isProven(attempt) || budget.isAfter(known.nextTry()) ? budget : known.nextTry();
  }

  private Admission granted(@Nullable LoginRejections during) {
    inFlight++;
    return new Admission.Granted(during, during == null ? 0 : during.count() - 1);
  }

  private Instant earliest(
      Attempt attempt, LoginRejections known, boolean probes, boolean extra, Instant now) {
    if (probes) {
      return earliestProbe(attempt, known);
    }
    if (extra && mayTryOnceMore(known, now)) {
      extraTry = now;
      return now;
    }
    // A refusal during an outage of the server does not start the wait of a wrong login.
    boolean ofTheServer = refusedInOutage && isProven(attempt);
    Instant wanted = ofTheServer ? now : known.nextTry();
    if (!isProven(attempt)) {
      return wanted;
    }
    Instant budget = known.withinBudget();
    return budget.isAfter(wanted) ? budget : wanted;
  }

  /**
   * Whether a login without a verdict may be tried once more at once: once an hour, and within the
   * limits of a day.
   */
  boolean mayTryOnceMore(LoginRejections known, Instant now) {
    boolean rested = extraTry.equals(Instant.MIN) || !now.isBefore(extraTry.plus(EXTRA_TRY));
    return rested && !known.withinExtraBudget().isAfter(now);
  }

  private LoginRejections untried(Attempt attempt, Instant until, Instant now) {
    LoginRejections told = attempt.recorded();
    return told == null
        ? new LoginRejections(attempt.login(), 1, tries.last(), until, List.of(), false)
        : told.asOf(now);
  }

  private @Nullable LoginRejections during(
      Attempt attempt, @Nullable LoginRejections known, boolean probes, Instant now) {
    if (known != null) {
      return probes
          ? known.probed(attempt.standing(isProven(attempt), now), now)
          : known.tried(attempt.standing(isProven(attempt), now), now);
    }
    LoginRejections told = attempt.recorded();
    if (told != null) {
      return told.asOf(now).corrected(attempt.standing(isProven(attempt), now), now);
    }
    return tries.isEmpty() ? null : first(attempt, Verdict.REFUSED, now);
  }

  private LoginRejections first(Attempt attempt, Verdict verdict, Instant now) {
    return LoginRejections.first(
        attempt.login(), attempt.standing(isProven(attempt), now), verdict, now);
  }

  /** The request has ended, whatever came of it. */
  void ended() {
    inFlight = Math.max(0, inFlight - 1);
  }

  /**
   * A token was granted.
   *
   * @param sent whether the login was sent, not a refresh token
   */
  void accepted(Attempt attempt, boolean sent, Instant now) {
    hold = null;
    acceptedAt = now;
    unansweredSince = null;
    if (sent) {
      values.accepted(attempt, now);
      refusedInOutage = false;
      withoutVerdictSince = null;
    }
  }

  /**
   * The values were not accepted, or may not have been.
   *
   * @param during what was recorded before the request, null when nothing was
   * @param inOutage whether the server refuses every login, so that the count does not grow
   * @return the refusals to record
   */
  LoginRejections notAccepted(
      Attempt attempt,
      @Nullable LoginRejections during,
      Verdict verdict,
      boolean inOutage,
      Instant now) {
    boolean proven = isProven(attempt);
    LoginRejections counted;
    if (during == null) {
      tries.add(attempt.namespace(), now);
      LoginRejections known = values.tries(attempt, now);
      counted =
          known == null
              ? first(attempt, verdict, now)
              : known
                  .tried(attempt.standing(proven, now), now)
                  .answered(attempt.standing(proven, now), verdict);
    } else {
      counted = inOutage ? during : during.answered(attempt.standing(proven, now), verdict);
    }
    values.notAccepted(attempt, counted);
    refusedInOutage = false;
    withoutVerdictSince = verdict == Verdict.NONE ? now : null;
    return counted;
  }

  /** Records a try before it is sent, since the server may count it whatever is heard of it. */
  LoginTries.Try tried(Attempt attempt, Instant now) {
    return tries.add(attempt.namespace(), now);
  }

  /** The server did not judge the login that was sent, or nothing was sent. */
  void unjudged(LoginTries.@Nullable Try recorded) {
    if (recorded != null) {
      tries.remove(recorded);
    }
  }

  /** The failures of this class in a row, one more included. */
  int failures(RetryClass kind) {
    return (hold == null ? 0 : hold.count(kind)) + 1;
  }

  /**
   * The login failed for a reason that is not about its values, and all its credentials wait.
   *
   * @param retryAfter the wait that the server wants, zero if it does not say
   */
  void failed(Attempt attempt, RetryState failure, Duration retryAfter, Instant now) {
    if (hold == null) {
      hold = new LoginHold();
    }
    hold.failed(attempt, failure, retryAfter, now);
  }
}
