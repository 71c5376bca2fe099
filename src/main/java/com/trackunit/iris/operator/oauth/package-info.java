/**
 * The token exchange: asks an OAuth 2 token endpoint and says in our own words what it answered.
 * Knows nothing of Kubernetes.
 */
@NullMarked
package com.trackunit.iris.operator.oauth;

import org.jspecify.annotations.NullMarked;
