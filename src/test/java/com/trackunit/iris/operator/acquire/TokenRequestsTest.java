package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.time.ClockReading;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A turn is given back once, whatever part of a request is a mistake. */
class TokenRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
  private static final TokenResponse REFUSED =
      new TokenResponse.Refused(TokenError.ENDPOINT_UNAVAILABLE, "", Optional.empty());
  private static final AcquisitionResult LATER =
      new AcquisitionResult.Later(new Outcome.Kept(), NOW);

  private final TokenRequests requests =
      new TokenRequests(
          new TokenEndpoints(Map.of(), Optional.empty()),
          (grantType, exchange) -> exchange.get(),
          () -> NOW);
  private final AtomicInteger givenBack = new AtomicInteger();

  @Test
  void goesOnWithTheAnswer() {
    assertThat(requests.send(request(grant -> REFUSED, answer -> LATER))).isEqualTo(LATER);
    assertThat(givenBack).hasValue(0);
  }

  @Test
  void givesTheTurnBackWhenThereIsNoAnswer() {
    assertGivenBack(request(TokenRequestsTest::mistake, answer -> LATER));
  }

  @Test
  void givesTheTurnBackWhenTheAnswerIsNotHandled() {
    assertGivenBack(request(grant -> REFUSED, TokenRequestsTest::mistake));
  }

  @Test
  void showsNoLogin() {
    assertThat(request(grant -> REFUSED, answer -> LATER).toString()).doesNotContain("hush");
  }

  private void assertGivenBack(AcquisitionResult.Asking request) {
    assertThatThrownBy(() -> requests.send(request)).isInstanceOf(IllegalStateException.class);
    assertThat(givenBack).hasValue(1);
  }

  private static <A, B> B mistake(A any) {
    throw new IllegalStateException("a mistake");
  }

  private AcquisitionResult.Asking request(
      Function<Grant, TokenResponse> tokens, Function<TokenResponse, AcquisitionResult> answered) {
    GatedEndpoint endpoint =
        new GatedEndpoint(
            GrantType.PASSWORD.label(),
            URI.create(GrantType.PASSWORD.defaultUrl()),
            tokens,
            () -> {},
            new RequestGate(new RateLimits(5, 8)),
            () -> new ClockReading(NOW, NOW));
    Grant login = new PasswordGrant("app", "hush", "someone", "hush", List.of("api"));
    return new AcquisitionResult.Asking(endpoint, login, answered, givenBack::incrementAndGet);
  }
}
