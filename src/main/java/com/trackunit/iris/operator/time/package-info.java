/**
 * The two clocks of the operator. Knows what time it is, and nothing of what is done at that time.
 */
@NullMarked
package com.trackunit.iris.operator.time;

import org.jspecify.annotations.NullMarked;
