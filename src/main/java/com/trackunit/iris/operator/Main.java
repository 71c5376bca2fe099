package com.trackunit.iris.operator;

/** Starts the operator. */
public final class Main {
  private Main() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] arguments) {
    System.exit(1);
  }
}
