/**
 * The token exchange: calls an OAuth 2.0 token endpoint and classifies its response. Knows HTTP and
 * JSON, but not Kubernetes.
 */
@NullMarked
package com.trackunit.iris.operator.oauth;

import org.jspecify.annotations.NullMarked;
