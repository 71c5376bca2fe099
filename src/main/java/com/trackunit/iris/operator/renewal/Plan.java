package com.trackunit.iris.operator.renewal;

/** The next step for a credential. */
public sealed interface Plan {

  /** Nothing to do until the next requeue. */
  record Rest() implements Plan {}

  /**
   * Read the target Secret from the API server before any request or write: it is not in the cache.
   */
  record ReadTarget() implements Plan {}

  /**
   * Read the version of the credentials Secret from the API server: its login was refused, and a
   * changed one is tried at once.
   */
  record ReadLogin() implements Plan {}

  /** Request a token from the authorization server. */
  record Ask(RenewalCause cause) implements Plan {}

  /** Write the token that is in memory. */
  record Write() implements Plan {}

  /** Write the rest of the target Secret again, with the token that is stored in it. */
  record Repair() implements Plan {}

  /**
   * Wait until the garbage collector has removed the Secret of an earlier credential with this
   * name.
   */
  record AwaitCollection() implements Plan {}

  /** Make the credential the owner of a Secret that the operator wrote for it earlier. */
  record Adopt() implements Plan {}

  /** Do not change the target Secret: it is immutable, so a newer token could not be stored. */
  record LeaveImmutable() implements Plan {}

  /** Do not change the target Secret: it belongs to another owner. */
  record Refuse(String owner) implements Plan {}
}
