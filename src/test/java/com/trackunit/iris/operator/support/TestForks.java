package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The JVMs that run integration tests beside each other, each with a control plane of its own.
 *
 * <p>A class that is {@link Isolated} waits until the others have ended their classes, and they
 * wait for it.
 */
public final class TestForks implements BeforeAllCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(TestForks.class);

  private static final int NONE = 0;

  /** The number of this JVM, from 1; 0 when there are no others. */
  static int number() {
    return Integer.getInteger("fork", NONE);
  }

  /** Does what only one JVM may do at a time, such as building a program that all use. */
  public static synchronized <T> T oneByOne(Supplier<T> work) {
    try (Lock _ = Lock.take("build", true)) {
      return work.get();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Class<?> test = context.getRequiredTestClass();
    if (number() != NONE && test.getEnclosingClass() == null) {
      boolean alone = AnnotationSupport.isAnnotated(test, Isolated.class);
      context.getStore(STORE).put("lock", Lock.take("isolated", alone));
    }
  }

  /** A lock on a file, which all JVMs see. */
  private record Lock(FileChannel file) implements AutoCloseable {
    static Lock take(String name, boolean alone) {
      try {
        FileChannel file =
            FileChannel.open(
                Path.of("target", name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        file.lock(0, Long.MAX_VALUE, !alone);
        return new Lock(file);
      } catch (OverlappingFileLockException e) {
        throw new IllegalStateException("two classes of tests at once in this JVM", e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
