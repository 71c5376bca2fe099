package com.trackunit.iris.operator.config;

import org.slf4j.event.Level;

/**
 * Settings of logs, metrics and health endpoints.
 *
 * @param port of {@code /metrics}, {@code /livez} and {@code /readyz}; 0 picks a free one
 */
public record ObservabilityConfig(int port, LogFormat logFormat, Level logLevel) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  static ObservabilityConfig read(EnvReader variables) {
    return new ObservabilityConfig(
        variables.read("IRIS_PORT", "8080", Parsers::port, "a port from 0 to 65535"),
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
