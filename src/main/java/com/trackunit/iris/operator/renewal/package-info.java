/**
 * Decides when a token is asked for, from facts and the time alone: knows {@code java.*} only,
 * reads no clock, no cluster and no network.
 */
@NullMarked
package com.trackunit.iris.operator.renewal;

import org.jspecify.annotations.NullMarked;
