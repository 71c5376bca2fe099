/**
 * What one credential asks for, with every default filled in. Knows the resource and the renewal
 * rules, and no cluster, no clock and no network.
 */
@NullMarked
package com.trackunit.iris.operator.credential;

import org.jspecify.annotations.NullMarked;
