/**
 * Limits the tries of a refused login, so that no account is locked. Keeps fingerprints of logins,
 * never their values, and sends no requests.
 */
@NullMarked
package com.trackunit.iris.operator.lockout;

import org.jspecify.annotations.NullMarked;
