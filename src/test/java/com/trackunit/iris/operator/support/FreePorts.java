package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Ports for programs that are told where to listen.
 *
 * <p>They lie below those that Linux gives to outgoing connections (32768 and higher by default):
 * such a port would be free when it is chosen and taken when the program listens. Each JVM of tests
 * has ports of its own.
 */
public final class FreePorts {
  private static final int COUNT = 4_000;
  private static final int FIRST = 12_000 + TestForks.number() % 5 * COUNT;

  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePorts() {}

  /** One that this JVM did not give away before. */
  public static int next() {
    return next(1).getFirst();
  }

  static List<Integer> next(int count) {
    return Stream.generate(() -> FIRST + NEXT.getAndIncrement() % COUNT)
        .limit(COUNT)
        .filter(FreePorts::isFree)
        .limit(count)
        .toList();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
