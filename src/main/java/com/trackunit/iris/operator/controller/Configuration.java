package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.oauth.HttpsProxy;
import com.trackunit.iris.operator.renewal.DurationFormat;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/**
 * How the operator was told to run, read from the environment once.
 *
 * @param namespaces that are watched; empty: all
 * @param caBundle certificates trusted beside the JVM's
 * @param proxy for the token endpoint
 * @param requestTimeout for a whole token exchange, body included
 * @param shard the credentials that are this operator's; empty: those of no shard
 * @param leaderElection whether there may be other replicas
 * @param podNamespace of this operator, empty when that is not told
 * @param podName of this operator, empty when that is not told
 * @param port of {@code /metrics}, {@code /livez} and {@code /readyz}; 0 picks a free one
 */
public record Configuration(
    URI tokenUrl,
    Set<String> namespaces,
    Optional<Path> caBundle,
    Optional<HttpsProxy> proxy,
    Duration requestTimeout,
    String shard,
    boolean leaderElection,
    String podNamespace,
    String podName,
    int port,
    LogFormat logFormat,
    Level logLevel) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  /** What reading the environment came to. */
  public sealed interface Reading {
    record Good(Configuration configuration) implements Reading {}

    /** Every mistake, one sentence each; never the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int LARGEST_PORT = 65_535;

  /** Reads every variable, so that every mistake is told at once. */
  public static Reading read(Map<String, String> environment) {
    Variables variables = new Variables(environment, new ArrayList<>());
    Configuration configuration =
        new Configuration(
            variables.read(
                "IRIS_TOKEN_URL",
                "https://auth.trackunit.com/token",
                Configuration::url,
                "an https URL with a host and without user, query or fragment (http for loopback hosts only)"),
            variables.read(
                "IRIS_NAMESPACES",
                "",
                Configuration::names,
                "a comma-separated list of namespaces"),
            variables.readIfSet(
                "IRIS_CA_BUNDLE",
                Configuration::caBundle,
                "a file that can be read and holds PEM certificates, all of them whole"),
            variables
                .readIfSet(
                    variables.either("HTTPS_PROXY", "https_proxy"),
                    HttpsProxy::at,
                    "http://host:port, without a user")
                .map(
                    proxy ->
                        proxy.except(variables.text(variables.either("NO_PROXY", "no_proxy")))),
            variables.read(
                "IRIS_REQUEST_TIMEOUT", "15s", Configuration::timeout, "a duration from 1s to 60s"),
            variables.read(
                "IRIS_SHARD",
                "",
                Configuration::shard,
                "at most 63 lower-case letters, digits and hyphens, as a label and a Lease's name take them"),
            variables.read("IRIS_LEADER_ELECTION", "false", Configuration::flag, "true or false"),
            variables.text("POD_NAMESPACE"),
            variables.text("POD_NAME"),
            variables.read("IRIS_PORT", "8080", Configuration::port, "a port from 0 to 65535"),
            variables.read(
                "IRIS_LOG_FORMAT", "text", text -> oneOf(LogFormat.values(), text), "text or json"),
            variables.read(
                "IRIS_LOG_LEVEL",
                "info",
                text -> oneOf(Level.values(), text),
                "error, warn, info, debug or trace"));
    return variables.mistakes.isEmpty()
        ? new Reading.Good(configuration)
        : new Reading.Bad(variables.mistakes);
  }

  private static Optional<URI> url(String text) {
    try {
      URI url = URI.create(text);
      boolean complete =
          url.getHost() != null
              && url.getUserInfo() == null
              && url.getQuery() == null
              && url.getFragment() == null;
      boolean safe =
          "https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && isLoopback(url));
      return complete && safe ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isLoopback(URI url) {
    String host = url.getHost();
    return "localhost".equals(host)
        || "[::1]".equals(host)
        || (host != null && host.matches("127(\\.[0-9]{1,3}){3}"));
  }

  private static Optional<Set<String>> names(String text) {
    Set<String> names = new TreeSet<>();
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names.stream().allMatch(name -> NAMESPACE.matcher(name).matches())
        ? Optional.of(Set.copyOf(names))
        : Optional.empty();
  }

  private static Optional<String> shard(String text) {
    return text.isEmpty() || NAMESPACE.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static Optional<Boolean> flag(String text) {
    return text.matches("true|false") ? Optional.of(Boolean.valueOf(text)) : Optional.empty();
  }

  private static Optional<Path> caBundle(String text) {
    try {
      return Optional.of(Path.of(text)).filter(CaBundle::isUsable);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> timeout(String text) {
    return DurationFormat.parse(text)
        .filter(d -> d.compareTo(SHORTEST_TIMEOUT) >= 0 && d.compareTo(LONGEST_TIMEOUT) <= 0);
  }

  private static Optional<Integer> port(String text) {
    return text.matches("[0-9]{1,5}")
        ? Optional.of(Integer.valueOf(text)).filter(port -> port <= LARGEST_PORT)
        : Optional.empty();
  }

  private static <E extends Enum<E>> Optional<E> oneOf(E[] values, String text) {
    for (E value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** The environment while it is read; an empty variable counts as unset. */
  private record Variables(Map<String, String> environment, List<String> mistakes) {
    <T> T read(
        String name, String byDefault, Function<String, Optional<T>> parse, String expected) {
      return readIfSet(name, parse, expected).orElseGet(() -> parse.apply(byDefault).orElseThrow());
    }

    <T> Optional<T> readIfSet(String name, Function<String, Optional<T>> parse, String expected) {
      String set = text(name);
      if (set.isEmpty()) {
        return Optional.empty();
      }
      Optional<T> value = parse.apply(set);
      if (value.isEmpty()) {
        mistakes.add(name + " must be " + expected + ".");
      }
      return value;
    }

    String text(String name) {
      return environment.getOrDefault(name, "").strip();
    }

    /** The first unless only the second is set, as both spellings are common. */
    String either(String first, String second) {
      return text(first).isEmpty() && !text(second).isEmpty() ? second : first;
    }
  }
}
