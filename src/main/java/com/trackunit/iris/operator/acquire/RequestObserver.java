package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.TokenResponse;
import java.util.function.Supplier;

/** Observes each token request and its response. Changes neither of them. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * Runs the exchange and returns its response.
   *
   * @param grantType the value of the metric label
   */
  TokenResponse request(String grantType, Supplier<TokenResponse> exchange);
}
