package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The request for one page of a list.
 *
 * @param list identifies the list: the same for all its pages
 * @param limit how many objects the page may have, 2 at least
 */
record ListPage(StandardHttpRequest request, String list, int limit) {
  private static final Pattern LIMIT = Pattern.compile("(?<=[?&]limit=)\\d{1,9}");
  private static final Pattern OF_A_PAGE =
      Pattern.compile("[?&](limit|continue|resourceVersion)=[^&]*");

  /** The page that is asked for; empty if something else is, or a single object. */
  static Optional<ListPage> of(HttpRequest request) {
    String uri = request.uri().toString();
    Matcher limit = LIMIT.matcher(uri);
    return request instanceof StandardHttpRequest standard
            && request.method().equals("GET")
            && limit.find()
            && Integer.parseInt(limit.group()) > 1
        ? Optional.of(
            new ListPage(
                standard, OF_A_PAGE.matcher(uri).replaceAll(""), Integer.parseInt(limit.group())))
        : Optional.empty();
  }

  /** The same request for fewer objects. */
  HttpRequest withLimit(int objects) {
    String uri = LIMIT.matcher(request.uri().toString()).replaceFirst(String.valueOf(objects));
    return request.newBuilder().uri(uri).build();
  }
}
