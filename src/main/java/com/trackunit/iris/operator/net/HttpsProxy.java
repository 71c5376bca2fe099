package com.trackunit.iris.operator.net;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;

/**
 * The proxy of {@code HTTPS_PROXY}, and the hosts of {@code NO_PROXY} that it is not for.
 *
 * <p>Only https goes through it, in a tunnel, so that it sees no login; a loopback host never does.
 */
public record HttpsProxy(String host, int port, NoProxy exceptions) {
  /** Everything goes straight there. */
  public static final ProxySelector NONE = ProxySelector.of(null);

  private static final int LARGEST_PORT = 65_535;

  /** Empty unless it is {@code http://host:port}, without a user: it would never be sent. */
  public static Optional<HttpsProxy> at(String url) {
    try {
      URI uri = URI.create(url);
      return isHostAndPort(uri)
          ? Optional.of(new HttpsProxy(uri.getHost(), uri.getPort(), NoProxy.NONE))
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

  /** The same proxy, but not for these hosts, which replace earlier ones. */
  public HttpsProxy except(NoProxy hosts) {
    return new HttpsProxy(host, port, hosts);
  }

  /** For a client that asks this URL and no other. */
  public ProxySelector towards(URI url) {
    // Not resolved here: the client does it for each connection, as the proxy may move.
    return isFor(url) ? ProxySelector.of(InetSocketAddress.createUnresolved(host, port)) : NONE;
  }

  private boolean isFor(URI url) {
    return "https".equalsIgnoreCase(url.getScheme()) && !exceptions.covers(url);
  }
}
