package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** The JVMs that run tests beside each other, each with a control plane of its own. */
public final class TestForks {
  private static final int NONE = 0;

  private TestForks() {}

  /** The number of this JVM, from 1; 0 when there are no others. */
  static int number() {
    return Integer.getInteger("fork", NONE);
  }

  /**
   * Does what only one JVM may do at a time, such as building a program that all use.
   *
   * @param name of the work; another one may be done at the same time by another JVM
   */
  public static synchronized <T> T oneByOne(String name, Supplier<T> work) {
    try (FileChannel file =
        FileChannel.open(
            Path.of("target", name + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      file.lock();
      return work.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
