package com.trackunit.iris.operator.renewal;

import java.time.Duration;

/**
 * How long before the end of its life a token is renewed: as the user says, or by the default rule.
 */
public sealed interface RenewBefore {

  /**
   * Between half and two thirds of the life, drawn once for each token, so that renewals spread
   * out.
   */
  record ByDefault() implements RenewBefore {}

  /** {@code spec.renewBefore}: this long before expiry. */
  record Margin(Duration margin) implements RenewBefore {}

  /** {@code spec.renewBeforePercentage}: when this share of the life is left, in percent. */
  record Percentage(int percent) implements RenewBefore {}
}
