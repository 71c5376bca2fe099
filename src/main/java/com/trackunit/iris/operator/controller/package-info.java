/**
 * The reconciler: observe, plan, execute, report. The only package that uses the reconcile loop of
 * the Java Operator SDK. Only the runtime depends on it.
 */
@NullMarked
package com.trackunit.iris.operator.controller;

import org.jspecify.annotations.NullMarked;
