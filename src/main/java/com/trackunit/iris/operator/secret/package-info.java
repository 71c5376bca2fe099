/** What a credentials Secret says, what a target Secret should be, and the one writer. */
@NullMarked
package com.trackunit.iris.operator.secret;

import org.jspecify.annotations.NullMarked;
