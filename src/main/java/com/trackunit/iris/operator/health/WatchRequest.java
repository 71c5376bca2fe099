package com.trackunit.iris.operator.health;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One watch, whatever version it begins at.
 *
 * @param path of the resource that is watched
 * @param selector of its labels, empty when there is none
 */
record WatchRequest(String path, String selector) {
  private static final String SELECTOR = "labelSelector=";
  private static final Pattern RESOURCE = Pattern.compile(".*?(?:/namespaces/([^/]+))?/([^/]+)");

  /** The watch that this request asks for, if it asks for one. */
  static Optional<WatchRequest> of(HttpRequest request) {
    String query = Objects.requireNonNullElse(request.uri().getRawQuery(), "");
    if (!query.contains("watch=true")) {
      return Optional.empty();
    }
    String selector =
        Stream.of(query.split("&"))
            .filter(parameter -> parameter.startsWith(SELECTOR))
            .map(parameter -> parameter.substring(SELECTOR.length()))
            .findFirst()
            .orElse("");
    return Optional.of(new WatchRequest(request.uri().getPath(), selector));
  }

  /** The namespace, or the framework's word for all of them. */
  String namespace() {
    Matcher parts = RESOURCE.matcher(path);
    return parts.matches() && parts.group(1) != null
        ? parts.group(1)
        : Constants.WATCH_ALL_NAMESPACES;
  }

  /** As {@code secrets in team-a}. */
  @Override
  public String toString() {
    String resource = path.substring(path.lastIndexOf('/') + 1);
    String namespace = namespace();
    return namespace.equals(Constants.WATCH_ALL_NAMESPACES)
        ? resource + " in all namespaces"
        : resource + " in " + namespace;
  }
}
