/**
 * Reads the environment into a configuration, and configures logging. Knows every variable and its
 * format, but not its use.
 */
@NullMarked
package com.trackunit.iris.operator.config;

import org.jspecify.annotations.NullMarked;
