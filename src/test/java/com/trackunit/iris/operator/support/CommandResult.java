package com.trackunit.iris.operator.support;

/** What one run of a program left behind. */
public record CommandResult(int exitCode, String stdout, String stderr) {}
