/**
 * What happens once, before the first reconciliation: client, preflight check, capacity check.
 * Knows the API server and the configuration, but no running credential.
 */
@NullMarked
package com.trackunit.iris.operator.startup;

import org.jspecify.annotations.NullMarked;
