package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import java.util.function.Function;

/** Sees each token request and its response, and changes neither. */
@FunctionalInterface
public interface RequestObserver {
  /** Sends the request by this exchange and returns its response. */
  TokenResponse request(Grant grant, Function<Grant, TokenResponse> exchange);
}
