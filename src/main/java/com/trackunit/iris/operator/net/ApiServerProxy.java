package com.trackunit.iris.operator.net;

import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.util.Optional;

/**
 * The proxy on the way to the API server, and what {@code NO_PROXY} means there: the same as on the
 * way to a token endpoint.
 */
public final class ApiServerProxy {
  private ApiServerProxy() {}

  /**
   * Leaves no proxy for an API server that {@code NO_PROXY} names. The client's own reading of the
   * variable knows no port, and refuses to start with an entry that it does not understand.
   */
  public static void adapt(Config kubernetes) {
    String[] noProxy = kubernetes.getNoProxy();
    String variable = noProxy == null ? "" : String.join(",", noProxy);
    kubernetes.setNoProxy(null);
    if (NoProxy.of(variable).covers(URI.create(kubernetes.getMasterUrl()))) {
      kubernetes.setHttpsProxy(null);
      kubernetes.setHttpProxy(null);
    }
  }

  /** Host and port of the proxy that is used after that, without its user; empty: none is. */
  public static Optional<String> of(Config kubernetes) {
    boolean plain = kubernetes.getMasterUrl().startsWith("http:");
    String proxy = plain ? kubernetes.getHttpProxy() : kubernetes.getHttpsProxy();
    return Optional.ofNullable(proxy)
        .filter(url -> !url.isBlank())
        .map(
            url -> url.replaceFirst("^.*://", "").replaceFirst("^.*@", "").replaceFirst("/.*", ""));
  }
}
