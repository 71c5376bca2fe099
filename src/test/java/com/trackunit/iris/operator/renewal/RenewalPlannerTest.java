package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of when to ask, when to wait and when to leave alone; one row each. */
class RenewalPlannerTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant CREATED = NOW.minusSeconds(3600);
  private static final TargetState UNSEEN = new TargetState.Unseen();
  private static final TargetState ABSENT = new TargetState.Absent();
  private static final Plan REST = new Plan.Rest();
  private static final UserRequest NEW = new UserRequest(false, "now", "earlier");
  private static final UserRequest SUSPENDED = new UserRequest(true, null, null);

  static Stream<Arguments> plans() {
    return Stream.of(
        // Is it ours?
        argumentSet(
            "foreign Secret: refuse",
            seen(new TargetState.Foreign("Deployment web")),
            new Plan.Refuse("Deployment web")),
        argumentSet(
            "foreign Secret and a token in hand: refuse",
            seen(new TargetState.Foreign("x")).withInHand(fresh()),
            new Plan.Refuse("x")),
        argumentSet(
            "an earlier credential's Secret, this one 59 s old: leave it to the collector",
            created(59, new TargetState.Predecessor()),
            new Plan.AwaitCollection()),
        argumentSet(
            "an earlier credential's Secret, this one 60 s old: a conflict",
            created(60, new TargetState.Predecessor()),
            new Plan.Refuse("an earlier IrisCredential of this name")),
        argumentSet(
            "an earlier credential's Secret that is provably ours, this one 59 s old: leave it",
            created(59, new TargetState.Predecessor(true, Instant.EPOCH)),
            new Plan.AwaitCollection()),
        argumentSet(
            "an earlier credential's Secret that is provably ours, this one 60 s old: adopt it",
            created(60, new TargetState.Predecessor(true, Instant.EPOCH)),
            new Plan.Adopt()),
        argumentSet(
            "restored 59 s ago beside an old credential: leave it to the collector",
            created(3600, new TargetState.Predecessor(true, NOW.minusSeconds(59))),
            new Plan.AwaitCollection()),
        argumentSet(
            "no controller, and provably ours: adopt it",
            seen(new TargetState.Orphaned()),
            new Plan.Adopt()),
        argumentSet(
            "no controller, provably ours, and a conflict before: adopt it",
            seen(new TargetState.Orphaned()).withFailure(failed(RetryClass.WAITING, 1, 0)),
            new Plan.Adopt()),
        argumentSet(
            "to be adopted, and Kubernetes is to be left alone: rest",
            seen(new TargetState.Orphaned()).withFailure(failed(RetryClass.KUBERNETES, 1, 5)),
            REST),
        argumentSet(
            "to be adopted, and suspended: adopt it",
            demands(seen(new TargetState.Orphaned()), SUSPENDED),
            new Plan.Adopt()),

        // Nothing is there yet.
        argumentSet("not in the cache: look before asking", seen(UNSEEN), new Plan.ReadTarget()),
        argumentSet(
            "not in the cache, a token in hand: look before writing",
            seen(UNSEEN).withInHand(fresh()),
            new Plan.ReadTarget()),
        argumentSet(
            "its labels were removed while a wait is on: look, so that they come back at once",
            seen(UNSEEN).withFailure(failed(RetryClass.TRANSIENT, 1, 30)),
            new Plan.ReadTarget()),
        argumentSet("no Secret: ask for the first", seen(ABSENT), ask(RenewalCause.FIRST)),
        argumentSet(
            "no Secret, asked 9 s ago: rest",
            seen(ABSENT).withLastRequest(NOW.minusSeconds(9)),
            REST),
        argumentSet(
            "no Secret, asked 10 s ago: ask",
            seen(ABSENT).withLastRequest(NOW.minusSeconds(10)),
            ask(RenewalCause.FIRST)),
        argumentSet(
            "no Secret, the clock was set back 9 s: rest",
            seen(ABSENT).withLastRequest(NOW.plusSeconds(9)),
            REST),
        argumentSet(
            "no Secret, the clock was set back 10 s: ask",
            seen(ABSENT).withLastRequest(NOW.plusSeconds(10)),
            ask(RenewalCause.FIRST)),

        // A token is there.
        argumentSet("a good token: rest", seen(held(fresh())), REST),
        argumentSet("a second before its renewal: rest", seen(held(token(-1799, 1801, 1))), REST),
        argumentSet(
            "at its renewal: ask", seen(held(token(-1800, 1800, 0))), ask(RenewalCause.DUE)),
        argumentSet(
            "a second before its end: still due",
            seen(held(token(-3599, 1, -1700))),
            ask(RenewalCause.DUE)),
        argumentSet(
            "at its end: ask", seen(held(token(-3600, 0, -1700))), ask(RenewalCause.EXPIRED)),
        argumentSet(
            "issued in the future: ask",
            seen(held(token(20, 3620, 1800))),
            ask(RenewalCause.ISSUED_IN_THE_FUTURE)),
        argumentSet("issued now: rest", seen(held(token(0, 3600, 1800))), REST),
        argumentSet(
            "issued for another spec: ask",
            seen(held(with(fresh(), "other spec", "login/1"))),
            ask(RenewalCause.SPEC_CHANGED)),
        argumentSet(
            "the watched login is another one: ask",
            seen(held(fresh())).withLoginVersion("login/2"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "the watched login is the same: rest",
            seen(held(fresh())).withLoginVersion("login/1"),
            REST),
        argumentSet(
            "the watch lags behind the login that was used: rest",
            seen(held(with(fresh(), "spec", "login/10"))).withLoginVersion("login/9"),
            REST),
        argumentSet(
            "the login's version has a digit more: ask",
            seen(held(with(fresh(), "spec", "login/9"))).withLoginVersion("login/10"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "the login's Secret is another one, though an older: ask",
            seen(held(with(fresh(), "spec", "first/9"))).withLoginVersion("other/1"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "the login it came from is unknown: rest",
            seen(held(with(fresh(), "spec", null))).withLoginVersion("login/2"),
            REST),
        argumentSet(
            "due, but asked 9 s ago: rest",
            seen(held(token(-9, 0, -4))).withLastRequest(NOW.minusSeconds(9)),
            REST),
        argumentSet(
            "somebody wrote another token: ask",
            seen(new TargetState.Damaged()),
            ask(RenewalCause.UNREADABLE)),
        argumentSet(
            "somebody wrote another token, a token in hand: write",
            seen(new TargetState.Damaged()).withInHand(fresh()),
            new Plan.Write()),

        // The token is good, something else is not.
        argumentSet(
            "drifted: render from the stored token",
            seen(new TargetState.Held(fresh(), true, false)),
            new Plan.Repair()),
        argumentSet(
            "drifted and due: ask",
            seen(new TargetState.Held(token(-1800, 1800, 0), true, false)),
            ask(RenewalCause.DUE)),
        argumentSet(
            "drifted, due and waiting: render meanwhile",
            due(true).withFailure(failed(RetryClass.LIMITED, 1, 30)),
            new Plan.Repair()),
        argumentSet(
            "drifted, and Kubernetes is to be left alone: rest",
            seen(new TargetState.Held(fresh(), true, false))
                .withFailure(failed(RetryClass.KUBERNETES, 1, 5)),
            REST),
        argumentSet(
            "drifted, and Kubernetes may be tried again: render",
            seen(new TargetState.Held(fresh(), true, false))
                .withFailure(failed(RetryClass.KUBERNETES, 1, 0)),
            new Plan.Repair()),
        argumentSet(
            "immutable, and nothing to do: rest",
            seen(new TargetState.Held(fresh(), false, true)),
            REST),
        argumentSet(
            "immutable and due: leave it, ask nobody",
            seen(new TargetState.Held(token(-1800, 1800, 0), false, true)),
            new Plan.LeaveImmutable()),
        argumentSet(
            "immutable and drifted: leave it",
            seen(new TargetState.Held(fresh(), true, true)),
            new Plan.LeaveImmutable()),

        // A token is in hand.
        argumentSet(
            "in hand: write it, do not ask", seen(ABSENT).withInHand(fresh()), new Plan.Write()),
        argumentSet(
            "in hand, Kubernetes is to be left alone: rest",
            seen(ABSENT).withInHand(fresh()).withFailure(failed(RetryClass.KUBERNETES, 1, 5)),
            REST),
        argumentSet(
            "in hand, Kubernetes may be tried again: write",
            seen(ABSENT).withInHand(fresh()).withFailure(failed(RetryClass.KUBERNETES, 3, 0)),
            new Plan.Write()),
        argumentSet(
            "in hand, whatever the server had said before: write",
            seen(ABSENT).withInHand(fresh()).withFailure(failed(RetryClass.LIMITED, 1, 30)),
            new Plan.Write()),
        argumentSet(
            "in hand, but expired: ask",
            seen(ABSENT).withInHand(token(-3600, 0, -1800)),
            ask(RenewalCause.FIRST)),
        argumentSet(
            "in hand, but for another spec: ask",
            seen(ABSENT).withInHand(with(fresh(), "other spec", null)),
            ask(RenewalCause.FIRST)),
        argumentSet(
            "in hand beside a token that is not due: rest",
            seen(held(fresh())).withInHand(fresh()),
            REST),

        // It failed before: wait.
        argumentSet(
            "failed, a second before the next try: rest",
            due(false).withFailure(failed(RetryClass.TRANSIENT, 1, 1)),
            REST),
        argumentSet(
            "failed, at the next try: ask",
            due(false).withFailure(failed(RetryClass.TRANSIENT, 1, 0)),
            ask(RenewalCause.DUE)),
        argumentSet(
            "failed, at the next try, 2 s after the last: ask, a retry knows no floor",
            due(false)
                .withLastRequest(NOW.minusSeconds(2))
                .withFailure(failed(RetryClass.TRANSIENT, 1, 0)),
            ask(RenewalCause.DUE)),
        argumentSet(
            "limited, and the spec changed: still wait",
            otherRequest(RetryClass.LIMITED, 1, 60),
            REST),
        argumentSet(
            "transient, and the spec changed: still wait",
            otherRequest(RetryClass.TRANSIENT, 1, 60),
            REST),
        argumentSet(
            "restricted, and the spec changed: still wait",
            otherRequest(RetryClass.RESTRICTED, 1, 60),
            REST),
        argumentSet(
            "misconfigured, and the spec changed: ask at once",
            otherRequest(RetryClass.CONFIGURATION, 1, 1),
            ask(RenewalCause.DUE)),
        argumentSet(
            "untrusted, and the endpoint changed: ask at once",
            otherRequest(RetryClass.NOT_OAUTH, 1, 1),
            ask(RenewalCause.DUE)),
        argumentSet(
            "rejected, and the spec changed: ask at once",
            otherRequest(RetryClass.REJECTED, 1, 1),
            ask(RenewalCause.DUE)),
        argumentSet(
            "rejected twice, and changed 9 s after the last try: wait",
            otherRequest(RetryClass.REJECTED, 2, 9),
            REST),
        argumentSet(
            "rejected twice, and changed 10 s after the last try: ask",
            otherRequest(RetryClass.REJECTED, 2, 10),
            ask(RenewalCause.DUE)),

        // The login was refused: seldom, but at once when it is another one.
        argumentSet(
            "rejected, the watched login is the same: rest",
            rejected(1, 1).withLoginVersion("login/1"),
            REST),
        argumentSet(
            "rejected, the watched login changed: ask at once",
            rejected(1, 1).withLoginVersion("login/2"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "rejected twice, the login changed 9 s after the last try: rest",
            rejected(2, 9).withLoginVersion("login/2"),
            REST),
        argumentSet(
            "rejected twice, the login changed 10 s after the last try: ask",
            rejected(2, 10).withLoginVersion("login/2"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "rejected, nobody watches the login: look at it", rejected(1, 1), new Plan.ReadLogin()),
        argumentSet(
            "held back, the watched login is the same: rest",
            refusedLogin(RetryClass.HELD_BACK, "login/1").withLoginVersion("login/1"),
            REST),
        argumentSet(
            "held back, the watched login changed again: ask",
            refusedLogin(RetryClass.HELD_BACK, "login/1").withLoginVersion("login/2"),
            ask(RenewalCause.LOGIN_CHANGED)),
        argumentSet(
            "held back, nobody watches the login: look at it",
            refusedLogin(RetryClass.HELD_BACK, "login/1"),
            new Plan.ReadLogin()),
        argumentSet(
            "killed before the answer to a correction was read: ask again",
            refusedLogin(RetryClass.REJECTED, null).withLoginVersion("login/1"),
            ask(RenewalCause.DUE)),
        argumentSet(
            "limited, nobody watches the login: rest",
            due(false).withFailure(failed(RetryClass.LIMITED, 1, 30)),
            REST),
        argumentSet(
            "limited, the watched login changed: still wait",
            due(false).withLoginVersion("login/2").withFailure(failed(RetryClass.LIMITED, 1, 30)),
            REST),
        argumentSet(
            "rejected, but the token is good: rest",
            seen(held(fresh())).withFailure(failed(RetryClass.REJECTED, 1, 600)),
            REST),

        // A person asks for a renewal.
        argumentSet(
            "requested: ask", demands(seen(held(fresh())), NEW), ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested, and the stored token answers it: rest",
            demands(seen(held(answering("now"))), NEW),
            REST),
        argumentSet(
            "requested, and the stored token answers another: ask",
            demands(seen(held(answering("earlier"))), NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "the request was taken back: rest",
            demands(seen(held(answering("earlier"))), new UserRequest(false, null, "earlier")),
            REST),
        argumentSet(
            "requested 9 s after the last request: rest",
            demands(seen(held(fresh())).withLastRequest(NOW.minusSeconds(9)), NEW),
            REST),
        argumentSet(
            "requested 10 s after the last request: ask",
            demands(seen(held(fresh())).withLastRequest(NOW.minusSeconds(10)), NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested during a wait of our own: ask at once",
            requested(RetryClass.TRANSIENT, 10, NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested during such a wait, 9 s after the failure: rest",
            requested(RetryClass.TRANSIENT, 9, NEW),
            REST),
        argumentSet(
            "requested during such a wait, 9 s after the last request: rest",
            demands(
                requested(RetryClass.TRANSIENT, 10, NEW).withLastRequest(NOW.minusSeconds(9)), NEW),
            REST),
        argumentSet(
            "acted on before, and it failed: wait",
            requested(RetryClass.TRANSIENT, 10, new UserRequest(false, "now", "now")),
            REST),
        argumentSet(
            "acted on before, and it failed: ask again when the wait is over",
            demands(
                seen(held(fresh())).withFailure(failed(RetryClass.TRANSIENT, 1, 0)),
                new UserRequest(false, "now", "now")),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested while misconfigured: ask at once",
            requested(RetryClass.CONFIGURATION, 10, NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested while untrusted: ask at once",
            requested(RetryClass.NOT_OAUTH, 10, NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested while restricted: ask at once",
            requested(RetryClass.RESTRICTED, 10, NEW),
            ask(RenewalCause.RENEW_REQUESTED)),
        argumentSet(
            "requested inside a Retry-After: wait", requested(RetryClass.LIMITED, 10, NEW), REST),
        argumentSet(
            "requested while the login is refused: wait, it may be locked",
            requested(RetryClass.REJECTED, 10, NEW).withLoginVersion("login/1"),
            REST),
        argumentSet(
            "requested while Kubernetes is to be left alone: wait",
            requested(RetryClass.KUBERNETES, 10, NEW),
            REST),
        argumentSet(
            "requested, a token in hand that answers it: write",
            demands(seen(held(fresh())).withInHand(answering("now")), NEW),
            new Plan.Write()),
        argumentSet(
            "requested, and the Secret cannot be changed: leave it, ask nobody",
            demands(seen(new TargetState.Held(fresh(), false, true)), NEW),
            new Plan.LeaveImmutable()),

        // Suspended: nobody is asked, whatever the cause.
        argumentSet("suspended, no Secret: rest", demands(seen(ABSENT), SUSPENDED), REST),
        argumentSet(
            "suspended, not in the cache: look",
            demands(seen(UNSEEN), SUSPENDED),
            new Plan.ReadTarget()),
        argumentSet("suspended and due: rest", demands(due(false), SUSPENDED), REST),
        argumentSet(
            "suspended and expired: rest",
            demands(seen(held(token(-3600, 0, -1700))), SUSPENDED),
            REST),
        argumentSet(
            "suspended, somebody wrote another token: rest",
            demands(seen(new TargetState.Damaged()), SUSPENDED),
            REST),
        argumentSet(
            "suspended, issued for another spec: rest",
            demands(seen(held(with(fresh(), "other spec", "login/1"))), SUSPENDED),
            REST),
        argumentSet(
            "suspended and drifted: render",
            demands(seen(new TargetState.Held(fresh(), true, false)), SUSPENDED),
            new Plan.Repair()),
        argumentSet(
            "suspended, drifted and due: render", demands(due(true), SUSPENDED), new Plan.Repair()),
        argumentSet(
            "suspended, a token in hand: write it",
            demands(seen(ABSENT).withInHand(fresh()), SUSPENDED),
            new Plan.Write()),
        argumentSet(
            "suspended, and a renewal requested: rest",
            demands(seen(held(fresh())), new UserRequest(true, "now", null)),
            REST),
        argumentSet(
            "suspended with a refused login: no look at it",
            demands(rejected(1, 60), SUSPENDED),
            REST),
        argumentSet(
            "suspended, somebody else's Secret: refuse",
            demands(seen(new TargetState.Foreign("x")), SUSPENDED),
            new Plan.Refuse("x")),

        // Something is missing: a look costs one read.
        argumentSet(
            "the login is missing: look whenever woken",
            seen(ABSENT).withFailure(failed(RetryClass.WAITING, 1, 0)),
            ask(RenewalCause.FIRST)),
        argumentSet(
            "the login is missing, asked 9 s ago: rest",
            seen(ABSENT)
                .withLastRequest(NOW.minusSeconds(9))
                .withFailure(failed(RetryClass.WAITING, 1, 0)),
            REST),
        argumentSet(
            "Kubernetes failed before anything was asked: wait",
            seen(ABSENT).withFailure(failed(RetryClass.KUBERNETES, 1, 1)),
            REST));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void plans(Observation seen, Plan expected) {
    assertThat(RenewalPlanner.plan(seen, NOW)).isEqualTo(expected);
  }

  private static Plan ask(RenewalCause cause) {
    return new Plan.Ask(cause);
  }

  private static Observation seen(TargetState target) {
    return new Observation(
        CREATED, "spec", "request", target, null, null, null, null, UserRequest.NONE);
  }

  private static Observation created(long secondsAgo, TargetState target) {
    return new Observation(
        NOW.minusSeconds(secondsAgo),
        "spec",
        "request",
        target,
        null,
        null,
        null,
        null,
        UserRequest.NONE);
  }

  private static Observation due(boolean drifted) {
    return seen(new TargetState.Held(token(-1800, 1800, 0), drifted, false));
  }

  private static Observation requested(RetryClass kind, long secondsAgo, UserRequest demand) {
    RetryState failure =
        new RetryState(
            kind,
            "Reason",
            1,
            NOW.minusSeconds(secondsAgo),
            NOW.plusSeconds(600),
            "request",
            "login/1",
            null);
    return demands(seen(held(fresh())).withFailure(failure), demand);
  }

  private static Observation demands(Observation seen, UserRequest demand) {
    return new Observation(
        seen.created(),
        seen.specHash(),
        seen.requestHash(),
        seen.target(),
        seen.failure(),
        seen.loginVersion(),
        seen.inHand(),
        seen.lastRequest(),
        demand);
  }

  private static StoredToken answering(String request) {
    StoredToken token = fresh();
    return new StoredToken(
        token.lifetime(), token.renewAt(), "api", "spec", "hash", "login/1", request);
  }

  private static Observation rejected(int count, long secondsAgo) {
    RetryState failure =
        new RetryState(
            RetryClass.REJECTED,
            "Reason",
            count,
            NOW.minusSeconds(secondsAgo),
            NOW.plusSeconds(600),
            "request",
            "login/1",
            null);
    return due(false).withFailure(failure);
  }

  private static Observation refusedLogin(RetryClass kind, @Nullable String version) {
    RetryState failure =
        new RetryState(
            kind,
            "Reason",
            2,
            NOW.minusSeconds(60),
            NOW.plusSeconds(600),
            "request",
            version,
            null);
    return due(false).withFailure(failure);
  }

  private static Observation otherRequest(RetryClass kind, int count, long secondsAgo) {
    RetryState failure =
        new RetryState(
            kind,
            "Reason",
            count,
            NOW.minusSeconds(secondsAgo),
            NOW.plusSeconds(600),
            "other request",
            "login/1",
            null);
    return due(false).withLoginVersion("login/1").withFailure(failure);
  }

  private static RetryState failed(RetryClass kind, int count, long nextIn) {
    return new RetryState(
        kind,
        "Reason",
        count,
        NOW.minusSeconds(2),
        NOW.plusSeconds(nextIn),
        "request",
        "login/1",
        null);
  }

  private static TargetState held(StoredToken token) {
    return new TargetState.Held(token, false, false);
  }

  private static StoredToken fresh() {
    return token(-60, 3540, 1800);
  }

  private static StoredToken token(long issued, long expires, long renew) {
    return new StoredToken(
        new Lifetime(NOW.plusSeconds(issued), NOW.plusSeconds(expires)),
        NOW.plus(Duration.ofSeconds(renew)),
        "api",
        "spec",
        "hash",
        "login/1",
        null);
  }

  private static StoredToken with(
      StoredToken token, String specHash, @Nullable String loginVersion) {
    return new StoredToken(
        token.lifetime(), token.renewAt(), "api", specHash, "hash", loginVersion, null);
  }
}
