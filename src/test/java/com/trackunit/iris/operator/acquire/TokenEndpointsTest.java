package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.support.Specs;
import com.trackunit.iris.operator.time.ClockReading;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The endpoints of two grant types. */
class TokenEndpointsTest {
  private static final ClockReading NOW = new ClockReading(Instant.EPOCH, Instant.EPOCH);

  private final List<String> ended = new ArrayList<>();
  private final TokenEndpoints endpoints =
      new TokenEndpoints(
          Map.of(
              GrantType.PASSWORD, endpoint("https://auth.example.com/token"),
              GrantType.CLIENT_CREDENTIALS, endpoint("https://auth.example.com/v2")),
          Optional.empty());

  private GatedEndpoint endpoint(String url) {
    return new GatedEndpoint(
        "grant",
        URI.create(url),
        (grant, repetitions) -> {
          throw new IllegalStateException(grant.type());
        },
        () -> ended.add(url),
        new RequestGate(new RateLimits(1, 1)),
        () -> NOW);
  }

  @Test
  void eachGrantTypeHasItsOwn() {
    assertThat(endpoints.operatorPart(GrantType.CLIENT_CREDENTIALS))
        .isEqualTo("https://auth.example.com/v2");
    assertThat(endpoints.specOf(Specs.credential("team", "fleet", "uid")).specHash())
        .as("a token belongs to its endpoint")
        .isNotEqualTo(
            endpoints
                .specOf(Specs.credential("team", "fleet", "uid", "grantType: ClientCredentials"))
                .specHash());
  }

  @Test
  void aCredentialThatIsGoneWaitsNowhere() {
    endpoints.all().forEach(endpoint -> endpoint.turn("other", "team", null));
    endpoints.all().forEach(endpoint -> endpoint.turn("uid", "team", null));
    assertThat(endpoints.all().mapToInt(GatedEndpoint::waiting).sum()).isPositive();

    endpoints.forget("uid");
    endpoints.forget("other");

    assertThat(endpoints.all().mapToInt(GatedEndpoint::waiting)).containsOnly(0);
  }

  @Test
  void theirRequestsEndTogether() {
    endpoints.close();
    assertThat(ended)
        .containsExactlyInAnyOrder("https://auth.example.com/token", "https://auth.example.com/v2");
  }
}
