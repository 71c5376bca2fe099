package com.trackunit.iris.operator.renewal;

/** The one next step for a credential. */
public sealed interface Plan {

  /** Nothing to do until the next wake-up. */
  record Rest() implements Plan {}

  /** Read the target Secret itself before anything is asked or written: it is not in the cache. */
  record LookAtTarget() implements Plan {}

  /**
   * Read which version the credentials Secret has: its login was refused, and a changed one is
   * tried at once.
   */
  record LookAtLogin() implements Plan {}

  /** Ask the authorization server for a token. */
  record Ask(RenewalCause cause) implements Plan {}

  /** Write the token that is in hand. */
  record Write() implements Plan {}

  /** Write what else belongs into the target Secret again, from the token that is stored there. */
  record Render() implements Plan {}

  /**
   * Wait until the garbage collector has removed the Secret of an earlier credential of this name.
   */
  record AwaitCollection() implements Plan {}

  /** Make the credential the owner of a Secret that the operator wrote for it earlier. */
  record Adopt() implements Plan {}

  /** Leave the target Secret alone: it is immutable, so a newer token would have no place. */
  record LeaveImmutable() implements Plan {}

  /** Leave the target Secret alone: it is somebody else's. */
  record Refuse(String owner) implements Plan {}
}
