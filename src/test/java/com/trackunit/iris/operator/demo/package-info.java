/** The operator's whole job as a story of a minute, with nothing installed but a JDK. */
@NullMarked
package com.trackunit.iris.operator.demo;

import org.jspecify.annotations.NullMarked;
