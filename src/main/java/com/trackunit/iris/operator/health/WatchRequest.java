package com.trackunit.iris.operator.health;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One watch, regardless of the resource version from which it starts.
 *
 * @param path URL path of the watched resource
 * @param selector label selector, empty when there is none
 */
record WatchRequest(String path, String selector) {
  /** What the query of a watch contains. */
  static final String WATCH = "watch=true";

  /** The query of a watch that only tries whether it is answered; it is not recorded. */
  static final String PROBE = WATCH + "&timeoutSeconds=1";

  private static final String SELECTOR = "labelSelector=";
  private static final String VERSION = "resourceVersion=";
  private static final Pattern RESOURCE = Pattern.compile(".*?(?:/namespaces/([^/]+))?/([^/]+)");

  /** The watch that this request starts, if it is a watch request. */
  static Optional<WatchRequest> of(HttpRequest request) {
    String query = Objects.requireNonNullElse(request.uri().getRawQuery(), "");
    if (!query.contains(WATCH) || query.startsWith(PROBE + "&")) {
      return Optional.empty();
    }
    return Optional.of(new WatchRequest(request.uri().getPath(), parameter(query, SELECTOR)));
  }

  /** The resource version from which a request goes on, empty if it names none. */
  static String version(HttpRequest request) {
    return parameter(Objects.requireNonNullElse(request.uri().getRawQuery(), ""), VERSION);
  }

  private static String parameter(String query, String name) {
    return Stream.of(query.split("&"))
        .filter(parameter -> parameter.startsWith(name))
        .map(parameter -> parameter.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  /** The resource, for example {@code secrets}. */
  String resource() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The namespace, or {@link Constants#WATCH_ALL_NAMESPACES}. */
  String namespace() {
    Matcher parts = RESOURCE.matcher(path);
    return parts.matches() && parts.group(1) != null
        ? parts.group(1)
        : Constants.WATCH_ALL_NAMESPACES;
  }

  /** For example {@code secrets in team-a}. */
  @Override
  public String toString() {
    String namespace = namespace();
    return namespace.equals(Constants.WATCH_ALL_NAMESPACES)
        ? resource() + " in all namespaces"
        : resource() + " in " + namespace;
  }
}
