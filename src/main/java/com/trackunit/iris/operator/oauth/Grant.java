package com.trackunit.iris.operator.oauth;

import java.util.Optional;

/** The grant of a token request, ready to be sent. All its values are secret. */
public sealed interface Grant permits LoginGrant, RefreshGrant {
  /** The value of {@code grant_type}, the only value that may be shown. */
  String type();

  /** The request body. */
  String form();

  /** The Authorization header, if this grant has one. */
  Optional<String> authorization();

  /** Whether the response may contain a refresh token; one that was not requested is dropped. */
  boolean isOffline();
}
