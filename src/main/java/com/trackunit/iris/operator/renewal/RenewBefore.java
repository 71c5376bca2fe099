package com.trackunit.iris.operator.renewal;

import java.time.Duration;

/** How long before its expiry a token is renewed: as the user configured it, or by the default. */
public sealed interface RenewBefore {

  /**
   * Between half and two thirds of the life, at a point that differs between tokens, so that the
   * renewals are spread.
   */
  record ByDefault() implements RenewBefore {}

  /** {@code spec.renewBefore}: this long before expiry. */
  record Margin(Duration margin) implements RenewBefore {}

  /** {@code spec.renewBeforePercentage}: when this share of the life is left, in percent. */
  record Percentage(int percent) implements RenewBefore {}
}
