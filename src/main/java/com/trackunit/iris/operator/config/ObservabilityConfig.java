package com.trackunit.iris.operator.config;

import java.util.Optional;
import org.slf4j.event.Level;

/**
 * Settings of logs, metrics and health endpoints.
 *
 * @param port of {@code /metrics}, {@code /livez} and {@code /readyz}; 0 picks a free one
 * @param probePort a further port of {@code /livez} and {@code /readyz}; 0 picks a free one
 */
public record ObservabilityConfig(
    int port, Optional<Integer> probePort, LogFormat logFormat, Level logLevel) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  static ObservabilityConfig read(EnvReader variables) {
    int port = variables.read("IRIS_PORT", "8080", Parsers::port, "a port from 0 to 65535");
    return new ObservabilityConfig(
        port,
        variables.readIfSet(
            "IRIS_PROBE_PORT",
            text -> Parsers.port(text).filter(probes -> probes == 0 || probes != port),
            "a port from 0 to 65535, and another one than IRIS_PORT"),
        variables.read(
            "IRIS_LOG_FORMAT",
            "text",
            text -> Parsers.oneOf(LogFormat.values(), text),
            "text or json"),
        variables.read(
            "IRIS_LOG_LEVEL",
            "info",
            text -> Parsers.oneOf(Level.values(), text),
            "error, warn, info, debug or trace"));
  }
}
