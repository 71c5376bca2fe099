/**
 * Trusted certificates and the proxy settings of the environment. Knows files and TLS, but neither
 * OAuth nor credentials.
 */
@NullMarked
package com.trackunit.iris.operator.net;

import org.jspecify.annotations.NullMarked;
