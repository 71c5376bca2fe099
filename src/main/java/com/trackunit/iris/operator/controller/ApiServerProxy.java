package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.client.Config;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code NO_PROXY} means on the way to the API server.
 *
 * <p>Other programs read the variable, too, and the client refuses to start with an entry it does
 * not know.
 */
final class ApiServerProxy {
  private static final Pattern KNOWN = Pattern.compile("\\.?[A-Za-z0-9][A-Za-z0-9.:/-]*");

  private ApiServerProxy() {}

  /** Leaves only what the client can read; {@code *} is everybody, so there is no proxy then. */
  static void adapt(Config kubernetes) {
    String[] noProxy = kubernetes.getNoProxy();
    if (noProxy == null) {
      return;
    }
    List<String> entries = Arrays.stream(noProxy).map(String::strip).toList();
    if (entries.contains("*")) {
      kubernetes.setHttpsProxy(null);
      kubernetes.setHttpProxy(null);
    }
    kubernetes.setNoProxy(
        entries.stream()
            .map(entry -> entry.startsWith("*.") ? entry.substring(1) : entry)
            .filter(entry -> KNOWN.matcher(entry).matches())
            .toArray(String[]::new));
  }
}
