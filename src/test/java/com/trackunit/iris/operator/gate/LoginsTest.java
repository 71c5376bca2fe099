package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginsTest {
  private static final Instant NOW = GateFixture.START;

  private final GateFixture story = new GateFixture();
  private final Logins logins = new Logins();
  private final Attempt attempt = story.attempt("one", "login", "password");
  private final Attempt other = story.attempt("two", "login", "password");

  @Test
  void aLoginIsKeptUntilItsLastCredentialIsGone() {
    logins.use(attempt);
    logins.use(other);

    assertThat(logins.forget("one", NOW)).isEmpty();
    assertThat(logins.known(attempt.login())).isPresent();

    assertThat(logins.forget("two", NOW)).contains(attempt.login());
    assertThat(logins.known(attempt.login())).isEmpty();
  }

  @Test
  void theTriesOfALoginThatNobodyUsesAreKeptForAnHour() {
    logins.use(attempt).notAccepted(attempt, null, Verdict.REFUSED, false, NOW);

    assertThat(logins.forget("one", NOW)).contains(attempt.login());
    logins.sweep(NOW.plus(Duration.ofHours(1)));
    assertThat(logins.known(attempt.login())).isPresent();

    logins.sweep(NOW.plus(Duration.ofMinutes(62)));
    assertThat(logins.known(attempt.login())).isEmpty();
  }

  @Test
  void aLoginIsKeptWhileItsRequestIsInFlight() {
    LoginState state = logins.use(attempt);
    state.admit(attempt, false, false, NOW);

    logins.forget("one", NOW);
    assertThat(logins.known(attempt.login())).isPresent();

    state.ended();
    logins.sweep(NOW.plus(Duration.ofMinutes(2)));
    assertThat(logins.known(attempt.login())).isEmpty();
  }
}
