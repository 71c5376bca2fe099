package com.trackunit.iris.operator.metrics;

import java.util.Map;

/**
 * Bounds of the JDK's HTTP server, which has none by default: a client that sends or reads slowly,
 * or opens many connections, must not use up the memory of the process.
 *
 * <p>They hold for every HTTP server of the process, and the JDK reads them once.
 */
public final class HttpServerLimits {
  // A connection takes about 35 KiB of heap while its request is read.
  private static final Map<String, Integer> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", 5,
          "sun.net.httpserver.maxRspTime", 10,
          "jdk.httpserver.maxConnections", 128,
          // Prometheus keeps the connection that it has from one scrape to the next.
          "sun.net.httpserver.idleInterval", 90,
          "sun.net.httpserver.maxIdleConnections", 32,
          "sun.net.httpserver.maxReqHeaders", 64,
          "sun.net.httpserver.maxReqHeaderSize", 16 * 1024);

  private HttpServerLimits() {}

  /** Sets the limits that the command line does not set. Call it before the first server exists. */
  public static void apply() {
    LIMITS.forEach(
        (name, limit) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, limit.toString());
          }
        });
  }
}
