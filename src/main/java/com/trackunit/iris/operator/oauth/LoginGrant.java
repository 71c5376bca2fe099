package com.trackunit.iris.operator.oauth;

import java.util.List;

/** A grant that proves itself by what a person was given: refusals may lock it. */
public sealed interface LoginGrant extends Grant permits PasswordGrant, ClientCredentialsGrant {
  /** Who asks: what a server counts refusals of. */
  List<String> identity();

  /** What proves it: a change may end the refusals. */
  List<String> proof();
}
