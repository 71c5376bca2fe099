/** What tests share. */
@NullMarked
package com.trackunit.iris.operator.support;

import org.jspecify.annotations.NullMarked;
