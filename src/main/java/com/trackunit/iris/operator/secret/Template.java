package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.renewal.StoredToken;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of one key of a target Secret, with variables for the data of a token.
 *
 * <p>The schema rejects unknown variables; here they would stay unchanged.
 */
record Template(String text) {
  /** The variable for the token itself. */
  static final String TOKEN = "{{access_token}}";

  private static final Pattern VARIABLE =
      Pattern.compile("\\{\\{(access_token|token_type|scope|expires_at|issued_at)}}");

  /** The text with the values of this token. */
  String fill(StoredToken token, String accessToken) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), token, accessToken)));
  }

  private static String value(String variable, StoredToken token, String accessToken) {
    return switch (variable) {
      case "access_token" -> accessToken;
      case "token_type" -> "Bearer";
      case "scope" -> token.scope();
      case "expires_at" -> token.lifetime().expiresAt().toString();
      case "issued_at" -> token.lifetime().issuedAt().toString();
      default -> throw new IllegalStateException("the pattern names every variable");
    };
  }

  /** Whether the template is only the variable for the token. */
  boolean isToken() {
    return text.equals(TOKEN);
  }

  /** The text before the first token; empty when there is none. */
  Optional<Template> beforeToken() {
    int token = text.indexOf(TOKEN);
    return token < 0 ? Optional.empty() : Optional.of(new Template(text.substring(0, token)));
  }
}
