package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.TokenResponse;
import java.time.Duration;

/** Is told of each token request, after its response. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * A request was sent, and got this response or none.
   *
   * @param took from the resolution of the name to the last byte of the body
   */
  void observed(PendingRequest request, TokenResponse answer, Duration took);
}
