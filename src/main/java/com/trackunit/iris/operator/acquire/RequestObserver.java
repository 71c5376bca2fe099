package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.TokenResponse;
import java.util.function.Supplier;

/** Sees each token request and its response, and changes neither. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * Sends the request by this exchange and returns its response.
   *
   * @param grantType as metrics call it
   */
  TokenResponse request(String grantType, Supplier<TokenResponse> exchange);
}
