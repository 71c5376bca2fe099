/** The operator's own rules in virtual time: weeks of ten thousand credentials in seconds. */
@NullMarked
package com.trackunit.iris.operator.simulation;

import org.jspecify.annotations.NullMarked;
