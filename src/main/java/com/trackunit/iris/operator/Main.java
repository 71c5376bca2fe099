package com.trackunit.iris.operator;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.config.Logging;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.metrics.HttpServerLimits;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Starts the operator, or prints why it cannot start. */
public final class Main {
  // The process must stop in time, even when the API server does not respond.
  private static final Duration LONGEST_STOP = Duration.ofMillis(4500);

  private Main() {}

  /**
   * Runs until the process is stopped; exits with code 1 when it cannot start, with 2 when it is
   * given an argument that it does not know.
   */
  public static void main(String[] arguments) {
    Optional<CommandLine> asked = CommandLine.read(arguments, BuildVersion.ofThisProgram());
    if (asked.isPresent()) {
      (asked.get().exitCode() == 0 ? System.out : System.err).print(asked.get().text());
      System.exit(asked.get().exitCode());
    }
    prepareNetwork();
    HttpServerLimits.apply();
    switch (OperatorConfig.read(System.getenv())) {
      case OperatorConfig.Reading.Good(OperatorConfig configuration, List<String> unknown) ->
          run(configuration, unknown);
      case OperatorConfig.Reading.Bad(List<String> mistakes) -> refuse(mistakes);
    }
  }

  // Must run before the first name is resolved: the JDK reads these settings once.
  private static void prepareNetwork() {
    // Use the order of the system resolver (RFC 6724). The default of the JDK is IPv4 first.
    if (System.getProperty("java.net.preferIPv6Addresses") == null) {
      System.setProperty("java.net.preferIPv6Addresses", "system");
    }
    // No DNS cache: a cached result would start again with the address that could not be reached.
    boolean dnsCacheUnset =
        Security.getProperty("networkaddress.cache.ttl") == null
            && System.getProperty("sun.net.inetaddr.ttl") == null;
    if (dnsCacheUnset) {
      Security.setProperty("networkaddress.cache.ttl", "0");
    }
  }

  private static void run(OperatorConfig configuration, List<String> unknown) {
    Logging.configure(configuration.observability());
    Logger log = LoggerFactory.getLogger(Main.class);
    greet(log, unknown);
    try {
      OperatorRuntime operator =
          new OperatorRuntime(configuration, Config.autoConfigure(null), TimeSource.system());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(operator), "shutdown"));
      operator.start(() -> System.exit(0));
      announce(operator, configuration, log.atInfo());
    } catch (RuntimeException | Error e) {
      log.error("The operator cannot start. {}", reasons(e));
      // The framework leaves threads behind that would keep the process alive.
      Runtime.getRuntime().halt(1);
    }
  }

  private static void greet(Logger log, List<String> unknown) {
    BuildVersion build = BuildVersion.ofThisProgram();
    log.atInfo()
        .addKeyValue("version", build.version())
        .addKeyValue("revision", build.revision())
        .log("The operator starts.");
    if (!unknown.isEmpty()) {
      log.atWarn()
          .addKeyValue("variables", String.join(",", unknown))
          .log("These variables are not known and have no effect. Check how they are written.");
    }
  }

  private static void announce(
      OperatorRuntime operator, OperatorConfig configuration, LoggingEventBuilder ready) {
    for (Map.Entry<GrantType, URI> endpoint : configuration.endpoints().tokenUrls().entrySet()) {
      ready = ready.addKeyValue(endpoint.getKey().variable(), endpoint.getValue());
    }
    ready = ready.addKeyValue("port", operator.port());
    if (operator.probePort().isPresent()) {
      ready = ready.addKeyValue("probePort", operator.probePort().get());
    }
    ready.log("The operator is ready.");
  }

  private static void stop(OperatorRuntime operator) {
    try {
      Thread.ofPlatform().daemon().name("stop").start(operator::close).join(LONGEST_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(List<String> mistakes) {
    System.err.printf(
        "Configuration has %d mistake%s:%n", mistakes.size(), mistakes.size() == 1 ? "" : "s");
    mistakes.forEach(mistake -> System.err.println("  " + mistake));
    System.exit(1);
  }

  private static String reasons(Throwable failure) {
    StringBuilder reasons = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      reasons.append(": ").append(cause.getMessage());
    }
    return reasons.toString();
  }
}
