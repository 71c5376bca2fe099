package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of answer the authorization server can give, for a credential without a token and for
 * one with a valid token: what is told, and that nothing is written that must not be.
 */
@ParameterizedClass
@EnumSource(GrantType.class)
class EveryAnswerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SUCCEEDED = "Succeeded";
  private static final String MALFORMED = "MalformedResponse";
  private static final String REJECTED = "CredentialsRejected";
  private static final String UNAVAILABLE = "EndpointUnavailable";
  private static final String MISCONFIGURED = "EndpointMisconfigured";
  private static final String REFUSED = "RequestRejected";

  @Parameter GrantType grantType;

  @RegisterExtension private final Story story = new Story();
  private final Map<String, Row> rows = rows();

  private record Row(String reason, Answer answer) {}

  // One after the other, and gone before the next: together they are an outage and a flood.
  @Test
  void asTheFirstToken() {
    story.server().answer(question -> rows.get(user(question)).answer());

    rows.forEach(
        (name, row) -> {
          order(name);
          awaitReason(name, row.reason());
          assertThat(story.secret(name + "-token") != null)
              .as(name)
              .isEqualTo(row.reason().equals(SUCCEEDED));
          leave(name);
        });

    assertThat(requestsByUser()).isEqualTo(once());
  }

  @Test
  void asARenewalWithAValidToken() {
    rows.forEach(
        (name, row) -> {
          story.server().grantFor(Duration.ofHours(1));
          order(name);
          await(name).atMost(SOON).until(() -> story.condition(name, "Ready").startsWith("True"));
          Secret before = story.secret(name + "-token");
          story.server().answer(question -> row.answer());

          story.moveClock(Story.UNTIL_DUE);
          poke(name);
          await(name).atMost(SOON).until(() -> isRenewed(name, row, before));

          boolean unchanged = story.secret(name + "-token").getData().equals(before.getData());
          assertThat(unchanged).as(name).isEqualTo(!row.reason().equals(SUCCEEDED));
          assertThat(story.condition(name, "Ready")).as(name).isEqualTo("True TokenValid");
          leave(name);
        });
  }

  // What the server said to this one is nothing to the next: a minute later nobody is held back.
  private void leave(String name) {
    story.credential(name).delete();
    story.moveClock(Duration.ofSeconds(61));
  }

  private boolean isRenewed(String name, Row row, Secret before) {
    return row.reason().equals(SUCCEEDED)
        ? !story.secret(name + "-token").getData().equals(before.getData())
        : story.condition(name, "Renewed").equals("False " + row.reason());
  }

  private void order(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: %s, password: secret, client_id: %s, client_secret: hush}
        """
            .formatted(name, name, name));
    story.order(
        name,
        "{credentialsSecretRef: {name: %s}, grantType: %s, scopes: [api]}"
            .formatted(name, grantType.text()));
  }

  private void poke(String name) {
    story.patchSecret(name + "-token", "{metadata: {annotations: {poke: '1'}}}");
  }

  private void awaitReason(String name, String reason) {
    String status = reason.equals(SUCCEEDED) ? "True " : "False ";
    await(name)
        .atMost(SOON)
        .until(() -> story.condition(name, "Renewed"), (status + reason)::equals);
  }

  /** How often each was asked about; what is transient may have been asked again. */
  private Map<String, Boolean> requestsByUser() {
    Map<String, Integer> counts = new TreeMap<>();
    story.server().questions().forEach(question -> counts.merge(user(question), 1, Integer::sum));
    Map<String, Boolean> asExpected = new TreeMap<>();
    rows.forEach(
        (name, row) ->
            asExpected.put(name, isTransient(row) ? counts.get(name) >= 1 : counts.get(name) == 1));
    return asExpected;
  }

  private Map<String, Boolean> once() {
    Map<String, Boolean> once = new TreeMap<>();
    rows.keySet().forEach(name -> once.put(name, true));
    return once;
  }

  private static boolean isTransient(Row row) {
    return List.of(MALFORMED, UNAVAILABLE).contains(row.reason());
  }

  private static String user(Question question) {
    return question.field("username").or(() -> question.field("client_id")).orElseThrow();
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    errors(rows);
    bodies(rows);
    members(rows);
    return rows;
  }

  private static void errors(Map<String, Row> rows) {
    for (String error : List.of("invalid_grant", "invalid_client", "unauthorized_client")) {
      add(rows, "400-" + error, REJECTED, Answer.error(400, error));
    }
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
      add(rows, String.valueOf(code), "AccessRestricted", Answer.json(code, ""));
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
