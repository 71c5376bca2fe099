/**
 * The resource {@code IrisCredential} as records that Jackson reads and writes. Knows the schema's
 * annotations and nothing of what the operator does with a resource.
 */
@NullMarked
package com.trackunit.iris.operator.api;

import org.jspecify.annotations.NullMarked;
