/**
 * Acquires one token: request gate, login guard, recorded attempt, request, and the meaning of the
 * response. The operator and the simulation run these classes; all external calls go through
 * interfaces.
 */
@NullMarked
package com.trackunit.iris.operator.acquire;

import org.jspecify.annotations.NullMarked;
