package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.time.ClockReading;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatedEndpointTest {
  @ParameterizedTest
  @CsvSource({
    "https://host/token,     https://host:443/token",
    "https://HOST:443/token, https://host:443/token",
    "https://host:80/token,  https://host:80/token",
    "http://[::1]/token,     http://[::1]:80/token",
    "http://[::1]:443/token, http://[::1]:443/token"
  })
  void aDefaultPortIsTheSameAsNone(String url, String address) {
    GatedEndpoint endpoint =
        new GatedEndpoint(
            "password",
            URI.create(url),
            (grant, repetitions) -> {
              throw new IllegalStateException(grant.type());
            },
            () -> {},
            new RequestGate(new RateLimits(1, 1)),
            () -> new ClockReading(Instant.EPOCH, Instant.EPOCH));

    assertThat(endpoint.address()).isEqualTo(address);
  }
}
