/**
 * The operator: {@link com.trackunit.iris.operator.Main} reads the configuration and {@link
 * com.trackunit.iris.operator.OperatorRuntime} wires the packages below it. Contains no rules
 * itself.
 */
@NullMarked
package com.trackunit.iris.operator;

import org.jspecify.annotations.NullMarked;
