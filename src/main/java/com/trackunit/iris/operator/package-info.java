/** The operator: {@link com.trackunit.iris.operator.Main} wires the rooms below it together. */
@NullMarked
package com.trackunit.iris.operator;

import org.jspecify.annotations.NullMarked;
