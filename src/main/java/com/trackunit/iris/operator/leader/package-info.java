/**
 * Leader election by a Lease, and the fence that stops a replica which lost it. Knows the Lease API
 * and elapsed time, and nothing of credentials.
 */
@NullMarked
package com.trackunit.iris.operator.leader;

import org.jspecify.annotations.NullMarked;
