/**
 * Annotates pods that mount an expired token which was replaced, so that kubelet syncs them at
 * once. Optional; a renewal never waits for it.
 */
@NullMarked
package com.trackunit.iris.operator.nudge;

import org.jspecify.annotations.NullMarked;
