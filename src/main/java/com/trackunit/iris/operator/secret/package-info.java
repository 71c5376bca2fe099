/**
 * Reads credentials Secrets; reads and writes target Secrets with their tokens. No other package
 * writes a Secret. Knows neither the status nor the framework.
 */
@NullMarked
package com.trackunit.iris.operator.secret;

import org.jspecify.annotations.NullMarked;
