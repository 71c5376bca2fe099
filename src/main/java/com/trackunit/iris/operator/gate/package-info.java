/**
 * Decides who may ask the authorization server now: state machines with the time as a parameter,
 * which know {@code java.*} and {@code renewal} only, read no clock and never block.
 */
@NullMarked
package com.trackunit.iris.operator.gate;

import org.jspecify.annotations.NullMarked;
