/** What the shipped jar costs: calls, memory and time with up to ten thousand credentials. */
@NullMarked
package com.trackunit.iris.operator.load;

import org.jspecify.annotations.NullMarked;
