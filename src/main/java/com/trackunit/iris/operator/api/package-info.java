/**
 * The {@code IrisCredential} resource as records: the schema in {@code crds/} is generated from
 * them.
 */
@NullMarked
package com.trackunit.iris.operator.api;

import org.jspecify.annotations.NullMarked;
