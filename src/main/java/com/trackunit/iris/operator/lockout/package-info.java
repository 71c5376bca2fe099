/**
 * Limits how often a login that was refused is sent again, so that no account is locked. Knows
 * logins by fingerprints and never a value; sends nothing.
 */
@NullMarked
package com.trackunit.iris.operator.lockout;

import org.jspecify.annotations.NullMarked;
