/**
 * Leader election with a Lease, and the fence that stops a replica which lost it. Knows the Lease
 * API and elapsed time, and no credentials.
 */
@NullMarked
package com.trackunit.iris.operator.leader;

import org.jspecify.annotations.NullMarked;
