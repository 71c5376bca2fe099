/**
 * The spec of one credential, with every default filled in. Knows the resource and the renewal
 * rules; uses no cluster, no clock and no network.
 */
@NullMarked
package com.trackunit.iris.operator.credential;

import org.jspecify.annotations.NullMarked;
