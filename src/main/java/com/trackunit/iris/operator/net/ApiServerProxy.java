package com.trackunit.iris.operator.net;

import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.util.Optional;

/**
 * The proxy for the API server. {@code NO_PROXY} has the same meaning here as for a token endpoint.
 */
public final class ApiServerProxy {
  private ApiServerProxy() {}

  /**
   * Removes the proxy from the configuration if {@code NO_PROXY} matches the API server. The
   * Kubernetes client's own parser of this variable does not support ports, and fails at the start
   * on an entry that it does not understand.
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

  /**
   * Host and port of the proxy in use after {@link #adapt}, without user information; empty when
   * there is none.
   */
  public static Optional<String> of(Config kubernetes) {
    boolean plain = kubernetes.getMasterUrl().startsWith("http:");
    String proxy = plain ? kubernetes.getHttpProxy() : kubernetes.getHttpsProxy();
    return Optional.ofNullable(proxy)
        .filter(url -> !url.isBlank())
        .map(
            url -> url.replaceFirst("^.*://", "").replaceFirst("^.*@", "").replaceFirst("/.*", ""));
  }
}
