/**
 * Annotates pods that mount a replaced expired token, so that kubelet syncs them at once. Optional;
 * a renewal never waits for it.
 */
@NullMarked
package com.trackunit.iris.operator.nudge;

import org.jspecify.annotations.NullMarked;
