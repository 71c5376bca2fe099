package com.trackunit.iris.operator.oauth;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The proxy of {@code HTTPS_PROXY}, and the hosts of {@code NO_PROXY} that it is not for.
 *
 * <p>Only https goes through it, in a tunnel, so that it sees no login; a loopback host never does.
 */
public record HttpsProxy(String host, int port, List<String> exceptions) {
  /** Everything goes straight there. */
  public static final ProxySelector NONE = ProxySelector.of(null);

  private static final int HTTPS_PORT = 443;
  private static final int LARGEST_PORT = 65_535;
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(\\.[0-9]{1,3}){3}");

  /** Copies the list. */
  public HttpsProxy {
    exceptions = List.copyOf(exceptions);
  }

  /** Empty unless it is {@code http://host:port}, without a user: it would never be sent. */
  public static Optional<HttpsProxy> at(String url) {
    try {
      URI uri = URI.create(url);
      return isHostAndPort(uri)
          ? Optional.of(new HttpsProxy(uri.getHost(), uri.getPort(), List.of()))
          : Optional.empty();
    } catch (IllegalArgumentException quotesTheUrl) {
      return Optional.empty();
    }
  }

  private static boolean isHostAndPort(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme())
        && uri.getHost() != null
        && uri.getPort() > 0
        && uri.getPort() <= LARGEST_PORT
        && uri.getRawUserInfo() == null
        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  /**
   * The same proxy, but not for these, which replace earlier ones.
   *
   * @param noProxy separated by commas: {@code host}, for it and all below it; {@code .suffix} or
   *     {@code *.suffix}, for all below it; either with {@code :port}; {@code *}. What is none of
   *     these, such as a network, matches nobody.
   */
  public HttpsProxy except(String noProxy) {
    List<String> hosts =
        Arrays.stream(noProxy.toLowerCase(Locale.ROOT).split(",", -1))
            .map(String::strip)
            .map(entry -> entry.startsWith("*.") ? entry.substring(1) : entry)
            .filter(entry -> !entry.isEmpty())
            .toList();
    return new HttpsProxy(host, port, hosts);
  }

  /** For a client that asks this URL and no other. */
  public ProxySelector towards(URI url) {
    // Not resolved here: the client does it for each connection, as the proxy may move.
    return isFor(url) ? ProxySelector.of(InetSocketAddress.createUnresolved(host, port)) : NONE;
  }

  private boolean isFor(URI url) {
    String name = url.getHost().toLowerCase(Locale.ROOT);
    String suffix = ":" + (url.getPort() < 0 ? HTTPS_PORT : url.getPort());
    return "https".equalsIgnoreCase(url.getScheme())
        && !LOOPBACK.matcher(name).matches()
        && exceptions.stream().noneMatch(entry -> covers(withoutEnd(entry, suffix), name));
  }

  private static String withoutEnd(String entry, String end) {
    return entry.endsWith(end) ? entry.substring(0, entry.length() - end.length()) : entry;
  }

  private static boolean covers(String entry, String name) {
    String below = entry.startsWith(".") ? entry : "." + entry;
    return entry.equals("*") || name.equals(entry) || name.endsWith(below);
  }
}
