/**
 * Acquires one token: gate, login guard, recorded attempt, request, and what the response means.
 * The operator and the simulation run these classes; they reach the world through ports alone.
 */
@NullMarked
package com.trackunit.iris.operator.acquire;

import org.jspecify.annotations.NullMarked;
