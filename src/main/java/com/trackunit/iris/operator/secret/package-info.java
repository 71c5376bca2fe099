/**
 * Reads and writes Secrets: the login, and the target Secret with its token. The only package that
 * writes a Secret; knows neither status nor the framework.
 */
@NullMarked
package com.trackunit.iris.operator.secret;

import org.jspecify.annotations.NullMarked;
