/**
 * Reads the environment into a configuration and sets up logging. Knows every variable and its
 * format, and nothing of what is done with it.
 */
@NullMarked
package com.trackunit.iris.operator.config;

import org.jspecify.annotations.NullMarked;
