/**
 * Metrics, and the HTTP server for metrics and probes. Observes only: nothing here changes what the
 * operator does.
 */
@NullMarked
package com.trackunit.iris.operator.metrics;

import org.jspecify.annotations.NullMarked;
