/** Fakes that tests talk to over real sockets. */
@NullMarked
package com.trackunit.iris.operator.support;

import org.jspecify.annotations.NullMarked;
