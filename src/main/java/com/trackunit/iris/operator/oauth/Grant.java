package com.trackunit.iris.operator.oauth;

import java.util.Optional;

/** What a token is asked for with, ready to be sent. Everything in it is secret. */
public sealed interface Grant permits LoginGrant, RefreshGrant {
  /** Its name in a request, and the only word of it that may be shown. */
  String type();

  /** The request body. */
  String form();

  /** The Authorization header, if this grant has one. */
  Optional<String> authorization();

  /** Whether a refresh token may come with the answer; one that was not asked for is dropped. */
  boolean isOffline();
}
