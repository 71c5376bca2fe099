/**
 * Decides when a token is renewed and how long to wait after a failure, from facts and the time
 * alone. Uses {@code java.*} only: no clock, no cluster, no network.
 */
@NullMarked
package com.trackunit.iris.operator.renewal;

import org.jspecify.annotations.NullMarked;
