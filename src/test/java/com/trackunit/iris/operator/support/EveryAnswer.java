package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Every kind of answer that an authorization server can give, and the reason that is told then. */
public final class EveryAnswer {
  private static final String SUCCEEDED = "Succeeded";
  private static final String MALFORMED = "MalformedResponse";
  private static final String REJECTED = "CredentialsRejected";
  private static final String UNAVAILABLE = "EndpointUnavailable";
  private static final String MISCONFIGURED = "EndpointMisconfigured";
  private static final String REFUSED = "RequestRejected";

  private EveryAnswer() {}

  /** An answer, and the reason of the condition {@code Renewed} that follows from it. */
  public record Row(String reason, Answer answer) {
    public boolean succeeds() {
      return reason.equals(SUCCEEDED);
    }

    /** The condition as {@code False RateLimited}. */
    public String condition() {
      return (succeeds() ? "True " : "False ") + reason;
    }

    /** Whether another request may follow soon. */
    public boolean isTransient() {
      return List.of(MALFORMED, UNAVAILABLE).contains(reason);
    }
  }

  /** One answer for each reason, by a name that a Secret may have. */
  public static Map<String, Row> oneForEachReason() {
    Map<String, Row> some = new LinkedHashMap<>(rows());
    TreeSet<String> reasons = new TreeSet<>();
    some.values().removeIf(row -> !reasons.add(row.reason()));
    return some;
  }

  /** All, each by a name that a Secret may have. */
  public static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    errors(rows);
    bodies(rows);
    members(rows);
    return rows;
  }

  private static void errors(Map<String, Row> rows) {
    for (String error : List.of("invalid_grant", "invalid_client")) {
      add(rows, "400-" + error, REJECTED, Answer.error(400, error));
      add(rows, "401-" + error, REJECTED, Answer.error(401, error));
    }
    for (String error : List.of("temporarily_unavailable", "server_error", "slow_down")) {
      add(rows, "400-" + error, UNAVAILABLE, Answer.error(400, error));
    }
    add(rows, "401-unauthorized_client", REJECTED, Answer.error(401, "unauthorized_client"));
    add(rows, "400-unauthorized_client", REFUSED, Answer.error(400, "unauthorized_client"));
    add(rows, "400-not_allowed", REFUSED, Answer.error(400, "not_allowed"));
    add(rows, "400-invalid_scope", "ScopeRejected", Answer.error(400, "invalid_scope"));
    for (String error :
        List.of("invalid_request", "unsupported_grant_type", "odd\\n<b>", "x".repeat(10_240))) {
      add(rows, "400-" + error.substring(0, 3), REFUSED, Answer.error(400, error));
    }
    add(rows, "400-empty", REFUSED, Answer.json(400, ""));
    add(rows, "400-html", REFUSED, new Answer(400, Map.of("Content-Type", "text/html"), "<html/>"));
    add(
        rows,
        "400-gateway",
        REFUSED,
        Answer.json(400, "{\"status\":400,\"code\":\"a\",\"message\":\"b\"}"));
    add(rows, "401", REJECTED, Answer.json(401, ""));
    for (int code : List.of(402, 403, 451)) {
      add(rows, String.valueOf(code), "AccessRestricted", Answer.error(code, "access_denied"));
    }
    for (int code : List.of(301, 302, 307, 308)) {
      add(
          rows,
          String.valueOf(code),
          MISCONFIGURED,
          new Answer(code, Map.of("Location", "https://example.com/"), ""));
    }
    for (int code : List.of(404, 405, 407, 410, 421, 426)) {
      add(rows, String.valueOf(code), MISCONFIGURED, Answer.json(code, ""));
    }
    for (int code : List.of(406, 411, 413, 414, 415, 422, 431)) {
      add(rows, String.valueOf(code), REFUSED, Answer.json(code, ""));
    }
    for (int code : List.of(408, 425, 500, 502, 503, 504)) {
      add(rows, String.valueOf(code), UNAVAILABLE, Answer.error(code, "invalid_grant"));
    }
    add(rows, "429", "RateLimited", Answer.json(429, ""));
    add(rows, "429-after", "RateLimited", new Answer(429, Map.of("Retry-After", "3600"), ""));
    add(rows, "200-error", REJECTED, Answer.json(200, token("\"error\":\"invalid_grant\"")));
  }

  private static void bodies(Map<String, Row> rows) {
    add(rows, "201", MALFORMED, Answer.json(201, token("\"a\":1")));
    String good = token("\"a\":1");
    List<String> bodies =
        List.of(
            "",
            "null",
            "[]",
            "\"x\"",
            good.substring(0, 30),
            good + "x",
            good + good,
            "[".repeat(5_000),
            "{}");
    for (int i = 0; i < bodies.size(); i++) {
      add(rows, "body-" + i, MALFORMED, Answer.json(200, bodies.get(i)));
    }
    add(rows, "body-twice", MALFORMED, Answer.json(200, token("\"access_token\":\"second\"")));
    add(rows, "body-html", MALFORMED, new Answer(200, Map.of("Content-Type", "text/html"), good));
    add(rows, "body-gzip", MALFORMED, new Answer(200, Map.of("Content-Encoding", "gzip"), good));
    add(
        rows,
        "body-large",
        MALFORMED,
        Answer.json(200, token("\"a\":\"" + "x".repeat(140_000) + "\"")));
    add(rows, "body-members", SUCCEEDED, Answer.json(200, token(manyMembers())));
  }

  private static void members(Map<String, Row> rows) {
    for (String expiry : List.of("0", "-1", "true", "\"\"", "\"abc\"", "[]", "{}")) {
      add(
          rows,
          "expires-" + rows.size(),
          MALFORMED,
          Answer.json(200, answer("new-" + rows.size(), "\"expires_in\":" + expiry)));
    }
    for (String expiry :
        List.of("3600", "\"3600\"", "3600.9", "3.6e3", "null", "1e400", "9223372036854775808")) {
      add(
          rows,
          "lives-" + rows.size(),
          SUCCEEDED,
          Answer.json(200, answer("new-" + rows.size(), "\"expires_in\":" + expiry)));
    }
    for (String token :
        List.of(
            "null",
            "\"\"",
            "12345",
            "true",
            "\"a b\"",
            "\"ä\"",
            "\"a\\u0000\"",
            "\"" + "x".repeat(66_000) + "\"")) {
      add(
          rows,
          "token-" + rows.size(),
          MALFORMED,
          Answer.json(200, "{\"expires_in\":3600,\"access_token\":" + token + "}"));
    }
    add(rows, "type-case", SUCCEEDED, Answer.json(200, token("\"token_type\":\"bEaReR\"")));
    add(rows, "type-mac", MISCONFIGURED, Answer.json(200, token("\"token_type\":\"mac\"")));
    add(rows, "type-number", MALFORMED, Answer.json(200, token("\"token_type\":1")));
    add(rows, "refresh", SUCCEEDED, Answer.json(200, token("\"refresh_token\":\"never-stored\"")));
    add(rows, "scope-less", SUCCEEDED, Answer.json(200, token("\"scope\":\"other\"")));
  }

  private static void add(Map<String, Row> rows, String name, String reason, Answer answer) {
    rows.put(
        "a" + rows.size() + "-" + name.replaceAll("[^a-z0-9]+", "-").replaceAll("-$", ""),
        new Row(reason, answer));
  }

  private static String manyMembers() {
    StringBuilder members = new StringBuilder("\"m\":1");
    for (int i = 0; i < 9_000; i++) {
      members.append(",\"m").append(i).append("\":1");
    }
    return members.toString();
  }

  private static String token(String member) {
    return answer("token-of-a-row", "\"expires_in\":3600," + member);
  }

  private static String answer(String token, String member) {
    return "{\"access_token\":\"%s\",%s}".formatted(token, member);
  }
}
