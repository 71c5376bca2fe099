/**
 * The result of one step: its reason, its retry class and its sentence. Does no I/O and does not
 * compute a status.
 */
@NullMarked
package com.trackunit.iris.operator.outcome;

import org.jspecify.annotations.NullMarked;
