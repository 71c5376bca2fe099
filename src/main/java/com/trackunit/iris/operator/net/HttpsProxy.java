package com.trackunit.iris.operator.net;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;

/**
 * The proxy of {@code HTTPS_PROXY}, and the hosts of {@code NO_PROXY} that do not use it.
 *
 * <p>Only https uses the proxy, in a tunnel, so that the proxy never sees a login. A loopback host
 * never uses it.
 */
public record HttpsProxy(String host, int port, NoProxy exceptions) {
  /** No proxy: direct connections. */
  public static final ProxySelector NONE = ProxySelector.of(null);

  private static final int LARGEST_PORT = 65_535;

  /**
   * Empty unless the URL is {@code http://host:port}; a user is not accepted, because the client
   * would not send it.
   */
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

  /** A copy with these exceptions, which replace the earlier ones. */
  public HttpsProxy except(NoProxy hosts) {
    return new HttpsProxy(host, port, hosts);
  }

  /** The proxy selector for a client that calls only this URL. */
  public ProxySelector towards(URI url) {
    // Not resolved here: the client resolves it for each connection, because its address may
    // change.
    return isFor(url) ? ProxySelector.of(InetSocketAddress.createUnresolved(host, port)) : NONE;
  }

  private boolean isFor(URI url) {
    return "https".equalsIgnoreCase(url.getScheme()) && !exceptions.covers(url);
  }
}
