/** Turns what happened into the next status, its sentences and its events; pure. */
@NullMarked
package com.trackunit.iris.operator.status;

import org.jspecify.annotations.NullMarked;
