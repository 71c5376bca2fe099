package com.trackunit.iris.operator.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Configures logging.
 *
 * <p>Keeps the libraries at DEBUG or a higher level: at TRACE they log requests and responses.
 */
public final class Logging {
  private static final String OURS = "com.trackunit.iris";
  private static final String EVENT_SOURCES =
      "io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource";
  private static final String WATCH_CONNECTIONS =
      "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl";
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}:"
          + " %replace(%msg %kvp){'[\\x00-\\x1f\\x7f-\\x9f]', ' '}%n%ex";

  private Logging() {}

  /** Replaces any earlier logging configuration. */
  public static void configure(ObservabilityConfig configuration) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder(configuration, context));
    console.start();
    routeJavaLogging();
    Level level = Level.toLevel(configuration.logLevel().name());
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.DEBUG) ? level : Level.DEBUG);
    root.addAppender(console);
    context.getLogger(OURS).setLevel(level);
    // It logs a stack trace for each scraper that goes away before it has read its page.
    context.getLogger("io.prometheus.metrics.exporter.httpserver").setLevel(Level.OFF);
    // At DEBUG, one of its lines dereferences null, and the reconciliation ends in an exception
    // (Java Operator SDK 5.3.2).
    context.getLogger(EVENT_SOURCES).setLevel(Level.INFO);
    // These libraries log each start, each list and each watch at INFO.
    if (level.isGreaterOrEqual(Level.INFO)) {
      context.getLogger("io.fabric8").setLevel(Level.WARN);
      // It logs a stack trace for each watch that the API server closed first.
      context.getLogger(WATCH_CONNECTIONS).setLevel(Level.ERROR);
      context.getLogger("io.javaoperatorsdk").setLevel(Level.WARN);
      context.getLogger("Default ConfigurationService implementation").setLevel(Level.WARN);
    }
  }

  // Without the bridge, classes of the JDK would log in another format.
  private static void routeJavaLogging() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static Encoder<ILoggingEvent> encoder(
      ObservabilityConfig configuration, LoggerContext context) {
    return switch (configuration.logFormat()) {
      case TEXT -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        yield text;
      }
      case JSON -> {
        FlatJsonEncoder json = new FlatJsonEncoder();
        json.setContext(context);
        json.start();
        yield json;
      }
    };
  }
}
