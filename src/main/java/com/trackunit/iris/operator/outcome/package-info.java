/**
 * What came of one step: its reason, its retry class and the sentence for it. Knows no I/O and
 * nothing of how a status is computed.
 */
@NullMarked
package com.trackunit.iris.operator.outcome;

import org.jspecify.annotations.NullMarked;
