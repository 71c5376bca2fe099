package com.trackunit.iris.operator.support;

import java.time.Duration;
import java.util.Map;

/** The shipped jar as a process that is started again when it is killed, as kubelet does. */
public final class RestartedOperator implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(30);

  private final Map<String, String> variables;
  private volatile OperatorProcess process;
  private volatile int kills;

  private RestartedOperator(Map<String, String> variables) {
    this.variables = variables;
    this.process = OperatorProcess.start(variables);
  }

  public static RestartedOperator start(Map<String, String> variables) {
    return new RestartedOperator(variables);
  }

  /** The process that runs now. */
  public OperatorProcess process() {
    return process;
  }

  public int kills() {
    return kills;
  }

  /** Sends SIGKILL; returns when the process is gone and the next one is started. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  public synchronized void kill() {
    process.kill();
    if (!process.isGoneWithin(END)) {
      throw new IllegalStateException("SIGKILL did not end the process");
    }
    process = OperatorProcess.start(variables);
    kills++;
  }

  @Override
  public synchronized void close() {
    process.close();
  }
}
