/**
 * The resource {@code IrisCredential} as records that Jackson reads and writes. Contains the
 * annotations of the schema, and no logic of the reconciler.
 */
@NullMarked
package com.trackunit.iris.operator.api;

import org.jspecify.annotations.NullMarked;
