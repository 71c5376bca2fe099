/**
 * Trusted certificates and the proxy settings of the environment. Knows files and TLS, and nothing
 * of OAuth or of credentials.
 */
@NullMarked
package com.trackunit.iris.operator.net;

import org.jspecify.annotations.NullMarked;
