package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;

/**
 * Builds a form-encoded request body (RFC 6749 appendix B). It contains secrets, so it is never
 * shown.
 */
final class FormBody {
  private final StringBuilder body = new StringBuilder();

  private FormBody() {}

  static FormBody of(Grant grant) {
    FormBody form = new FormBody();
    form.body.append("grant_type=").append(grant.type());
    return form;
  }

  FormBody with(String name, String value) {
    body.append('&').append(name).append('=').append(URLEncoder.encode(value, UTF_8));
    return this;
  }

  /** Adds the scopes; without any, the parameter is left out (RFC 6749 section 3.3). */
  FormBody withScopes(List<String> scopes) {
    return scopes.isEmpty() ? this : with("scope", String.join(" ", scopes));
  }

  String encoded() {
    return body.toString();
  }
}
