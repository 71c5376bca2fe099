package com.trackunit.iris.operator.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Grants tokens that live for seconds to whoever knows the password, and knows which of them are
 * alive.
 */
final class TokenIssuer {
  static final Duration LIFE = Duration.ofSeconds(20);
  static final String PASSWORD = "correct horse battery staple";

  private final Map<String, Instant> ends = new ConcurrentHashMap<>();
  private final Clock clock;

  TokenIssuer(Clock clock) {
    this.clock = clock;
  }

  Answer answer(Question question) {
    if (!question.field("password").equals(Optional.of(PASSWORD))) {
      return Answer.error(400, "invalid_grant");
    }
    String token = newToken();
    ends.put(token, clock.instant().plus(LIFE));
    return Answer.json(
        200,
        """
        {"token_type": "Bearer", "expires_in": %d, "access_token": "%s", "scope": "api"}"""
            .formatted(LIFE.toSeconds(), token));
  }

  /** Whether this is the value of an Authorization header with a token that is alive. */
  boolean accepts(String authorization) {
    Instant end = ends.get(authorization.replaceFirst("^Bearer ", ""));
    return end != null && clock.instant().isBefore(end);
  }

  // Looks like a JWT, and is as random as one.
  private static String newToken() {
    String header =
        Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":1}".getBytes(UTF_8));
    return header + "." + UUID.randomUUID().toString().replace("-", "");
  }
}
