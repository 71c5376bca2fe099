package com.trackunit.iris.operator.config;

import com.trackunit.iris.operator.api.DurationFormat;
import com.trackunit.iris.operator.net.CaBundle;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Parsers for the variables. Each one returns the value, or empty if the text is not valid. */
final class Parsers {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_RATE = 1000;
  private static final int MOST_IN_FLIGHT = 256;
  private static final int LARGEST_PORT = 65_535;

  private Parsers() {}

  static Optional<URI> url(String text) {
    try {
      URI url = withoutTrailingDot(URI.create(text));
      boolean complete =
          url.getHost() != null
              && url.getPort() != 0
              && url.getPort() <= LARGEST_PORT
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

  // A trailing dot is valid in DNS, but not in a certificate or in SNI (RFC 6066 section 3).
  private static URI withoutTrailingDot(URI url) {
    String host = url.getHost();
    if (host == null || !host.endsWith(".")) {
      return url;
    }
    String rest = url.toString();
    int end = rest.indexOf(host) + host.length();
    return URI.create(rest.substring(0, end - 1) + rest.substring(end));
  }

  private static boolean isLoopback(URI url) {
    String host = url.getHost();
    return "localhost".equals(host)
        || "[::1]".equals(host)
        || (host != null && host.matches("127(\\.[0-9]{1,3}){3}"));
  }

  static Optional<Set<String>> names(String text) {
    Set<String> names = new TreeSet<>();
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    // Commas alone would select every namespace, which must be a mistake.
    boolean none = names.isEmpty() && !text.isBlank();
    boolean good = names.stream().allMatch(name -> NAMESPACE.matcher(name).matches());
    return good && !none ? Optional.of(Set.copyOf(names)) : Optional.empty();
  }

  static Optional<String> shard(String text) {
    return text.isEmpty() || NAMESPACE.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
  }

  static Optional<Boolean> flag(String text) {
    return text.matches("true|false") ? Optional.of(Boolean.valueOf(text)) : Optional.empty();
  }

  static Optional<Path> caBundle(String text) {
    try {
      return Optional.of(Path.of(text)).filter(CaBundle::isUsable);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static Optional<Duration> timeout(String text) {
    return DurationFormat.parse(text)
        .filter(d -> d.compareTo(SHORTEST_TIMEOUT) >= 0 && d.compareTo(LONGEST_TIMEOUT) <= 0);
  }

  static Optional<Double> rate(String text) {
    return text.matches("[0-9]{1,4}([.][0-9]{1,6})?")
        ? Optional.of(Double.valueOf(text)).filter(rate -> rate > 0 && rate <= MAX_RATE)
        : Optional.empty();
  }

  static Optional<Integer> concurrency(String text) {
    return text.matches("[0-9]{1,3}")
        ? Optional.of(Integer.valueOf(text)).filter(most -> most >= 1 && most <= MOST_IN_FLIGHT)
        : Optional.empty();
  }

  static Optional<Integer> port(String text) {
    return text.matches("[0-9]{1,5}")
        ? Optional.of(Integer.valueOf(text)).filter(port -> port <= LARGEST_PORT)
        : Optional.empty();
  }

  static <E extends Enum<E>> Optional<E> oneOf(E[] values, String text) {
    for (E value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
