package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Answers as Trackunit documents: an hour for a password and for an app, 1200 s for an API key, and
 * a refresh token, good for one use, where {@code offline_access} was asked for with a password.
 */
public final class DocumentedServer implements Function<Question, Answer> {
  private final AtomicInteger granted = new AtomicInteger();
  private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
  private volatile String password = "secret";

  /** From now on, no other password is right. */
  public void changePassword(String right) {
    password = right;
  }

  /** Every refresh token is worth nothing any more. */
  public void revokeRefreshTokens() {
    refreshTokens.clear();
  }

  @Override
  public Answer apply(Question question) {
    return switch (question.field("grant_type").orElseThrow()) {
      case "password" ->
          question.field("password").equals(Optional.of(password))
              ? grantUser(question.field("scope").orElse("").split(" "))
              : Answer.error(400, "invalid_grant");
      case "refresh_token" ->
          refreshTokens.remove(question.field("refresh_token").orElseThrow())
              ? grantUser("api", "offline_access")
              : Answer.error(400, "invalid_grant");
      default -> grantClient(question.path(), question.field("scope").orElseThrow());
    };
  }

  private Answer grantUser(String... scopes) {
    int number = granted.incrementAndGet();
    String refresh = "";
    if (Arrays.asList(scopes).contains("offline_access")) {
      refreshTokens.add("refresh-" + number);
      refresh = ", \"refresh_token\": \"refresh-%d\"".formatted(number);
    }
    return answer(3600, number, String.join(" ", scopes), refresh);
  }

  private Answer grantClient(String path, String scope) {
    return answer(path.equals("/apptoken") ? 3600 : 1200, granted.incrementAndGet(), scope, "");
  }

  private static Answer answer(int life, int number, String scope, String refresh) {
    return Answer.json(
        200,
        """
        {"token_type": "Bearer", "expires_in": %d, "access_token": "token-%d", "scope": "%s"%s}"""
            .formatted(life, number, scope, refresh));
  }
}
