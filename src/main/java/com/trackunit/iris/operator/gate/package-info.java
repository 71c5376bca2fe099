/**
 * Decides which credential may call one authorization server now: rate limit, circuit breaker and
 * wait queue. Knows credentials by UID and expiry; sends nothing and reads no clock.
 */
@NullMarked
package com.trackunit.iris.operator.gate;

import org.jspecify.annotations.NullMarked;
