/**
 * The reconciler: observe, plan, execute, report. The only package that knows the Java Operator
 * SDK's reconcile loop; nobody but the runtime depends on it.
 */
@NullMarked
package com.trackunit.iris.operator.controller;

import org.jspecify.annotations.NullMarked;
