/**
 * Computes the next status and its events from the previous status, the outcome and the facts.
 * Pure: knows no I/O and reads no clock.
 */
@NullMarked
package com.trackunit.iris.operator.status;

import org.jspecify.annotations.NullMarked;
