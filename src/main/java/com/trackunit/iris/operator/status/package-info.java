/**
 * What came of a step: its outcome with reason, retry class and sentence, and the next status and
 * Events that follow from it. Does no I/O and reads no clock.
 */
@NullMarked
package com.trackunit.iris.operator.status;

import org.jspecify.annotations.NullMarked;
