/** The thin shell: observe, plan, act, report; watches, configuration, metrics and health. */
@NullMarked
package com.trackunit.iris.operator.controller;

import org.jspecify.annotations.NullMarked;
