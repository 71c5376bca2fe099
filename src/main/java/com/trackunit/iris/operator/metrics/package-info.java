/**
 * Metrics, probes and the watchdog behind them. Observes only: nothing here changes what the
 * operator does.
 */
@NullMarked
package com.trackunit.iris.operator.metrics;

import org.jspecify.annotations.NullMarked;
