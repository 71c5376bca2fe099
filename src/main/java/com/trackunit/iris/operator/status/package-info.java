/**
 * Computes the next status and its Events from the previous status, the outcome and the facts. Does
 * no I/O and reads no clock.
 */
@NullMarked
package com.trackunit.iris.operator.status;

import org.jspecify.annotations.NullMarked;
