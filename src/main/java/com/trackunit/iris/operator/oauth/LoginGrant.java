package com.trackunit.iris.operator.oauth;

import java.util.List;

/** A grant with a login. The server may lock the account after refusals. */
public sealed interface LoginGrant extends Grant permits PasswordGrant, ClientCredentialsGrant {
  /** The client id and the user; the server counts refusals by these. */
  List<String> identity();

  /** The secret values. After a refusal, a changed value may be accepted. */
  List<String> proof();
}
