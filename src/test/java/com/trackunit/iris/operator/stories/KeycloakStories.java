package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.Keycloak;
import com.trackunit.iris.operator.support.SlowAnswers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The operator and a real Keycloak, which counts failed logins, ends sessions, and whose tokens
 * live 20 s; {@code ./mvnw -Pkeycloak verify} plays them.
 */
class KeycloakStories {
  /** How long a token lives there; it is renewed after half of it. */
  private static final Duration LIFE = Duration.ofSeconds(20);

  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
  private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(90);

  private static Keycloak keycloak;

  @RegisterExtension private final Story story = new Story();

  @BeforeAll
  static void start() {
    keycloak = new Keycloak();
  }

  @AfterAll
  static void stop() {
    keycloak.close();
  }

  @Test
  void noTokenIsRefusedThroughTenRenewals() {
    begin(keycloak.tokenUrl());
    login("steady", "right");
    createCredential("steady", "[openid]");

    Shown shown = new Shown("steady");
    await()
        .atMost(LIFE.multipliedBy(11))
        .pollInterval(HALF_A_SECOND)
        .until(() -> shown.tokens() > 10);

    assertThat(shown.refused).isZero();
    assertThat(shown.looks).isGreaterThan(100);
    assertThat(keycloak.failures("steady")).isZero();
  }

  /** What a resource server makes of the token in a Secret, each time somebody looks. */
  private final class Shown {
    private final String name;
    private final Set<String> tokens = new LinkedHashSet<>();
    private int looks;
    private int refused;

    Shown(String name) {
      this.name = name;
      // A Keycloak that was just started may be late; such a login is tried again after a minute.
      await().atMost(LIFE.multipliedBy(5)).until(() -> !story.token(name + "-token").isEmpty());
    }

    int tokens() {
      String token = story.token(name + "-token");
      tokens.add(token);
      looks++;
      refused += keycloak.accepts(token) ? 0 : 1;
      return tokens.size();
    }
  }

  @Test
  void noTokenIsExpiredAtTheEndOfASession() {
    begin(keycloak.tokenUrl());
    login("offline", "right");
    createCredential("offline", "[openid, offline_access]");

    Shown shown = new Shown("offline");
    // Two sessions of 60 s end meanwhile.
    await()
        .atMost(LIFE.multipliedBy(16))
        .pollInterval(HALF_A_SECOND)
        .until(() -> shown.tokens() > 14);

    assertThat(shown.refused).isZero();
    assertThat(story.metrics())
        .contains("iris_token_requests_total{grant_type=\"refresh_token\",outcome=\"granted\"}");
  }

  @Test
  void aWrongPasswordIsCountedOnce() {
    begin(keycloak.tokenUrl());
    login("mistaken", "wrong");
    createCredential("mistaken", "[openid]");
    await()
        .atMost(Story.SOON)
        .until(() -> renewed("mistaken"), "False CredentialsRejected"::equals);

    passInSteps("mistaken", Duration.ofMinutes(9));

    assertThat(keycloak.failures("mistaken")).isEqualTo(1);
    assertThat(message("mistaken"))
        .startsWith(
            "The authorization server refused the login (invalid_grant). Check the password in Secret");
  }

  @Test
  void anAccountIsNotLockedByAnswersThatComeTooLate() throws IOException {
    keycloak.set("{\"failureFactor\": 4}");
    try (SlowAnswers slow = new SlowAnswers(keycloak.tokenUrl(), Duration.ofSeconds(3))) {
      // The operator waits two seconds.
      begin(slow.url());
      login("slow", "wrong");
      createCredential("slow", "[openid]");
      await().atMost(Story.SOON).until(() -> keycloak.failures("slow") > 0);

      passInSteps("slow", Duration.ofMinutes(10));

      assertThat(keycloak.failures("slow")).isBetween(1, 3);
      assertThat(keycloak.isLocked("slow")).isFalse();
    } finally {
      keycloak.set("{\"failureFactor\": 3}");
    }
  }

  @Test
  void aRotatedClientSecretIsTriedAsSoonAsItIsCorrected() {
    begin(keycloak.tokenUrl());
    List<String> users = List.of("rotated-1", "rotated-2", "rotated-3", "rotated-4");
    for (String user : users) {
      login(user, "right", "rotated", "first-secret");
      createCredential(user, "[openid]");
    }
    users.forEach(user -> await().atMost(LIFE).until(() -> isReady(user)));
    String next = keycloak.rotateSecret();
    users.forEach(user -> await().atMost(LIFE).until(() -> renewed(user).startsWith("False ")));

    long corrected = System.nanoTime();
    users.forEach(
        user -> story.patchSecret(user, "{stringData: {client_secret: '%s'}}".formatted(next)));

    users.forEach(
        user ->
            await()
                .atMost(LIFE.multipliedBy(3))
                .until(() -> renewed(user), "True Succeeded"::equals));
    assertThat(Duration.ofNanos(System.nanoTime() - corrected)).isLessThan(Duration.ofSeconds(15));
    assertThat(users).allMatch(this::isReady);
    assertThat(users).allMatch(user -> keycloak.failures(user) == 0);
  }

  @Test
  void aPasswordThatWasCorrectedWhileTheAccountWasLockedIsTriedAgain() {
    keycloak.set("{\"waitIncrementSeconds\": 15, \"maxFailureWaitSeconds\": 15}");
    begin(keycloak.tokenUrl());
    login("locked", "wrong");
    createCredential("locked", "[openid]");
    await().atMost(Story.SOON).until(() -> renewed("locked"), "False CredentialsRejected"::equals);
    assertThat(keycloak.logsIn("locked", "wrong")).isFalse();
    assertThat(keycloak.logsIn("locked", "wrong")).isFalse();
    await().atMost(Story.SOON).until(() -> keycloak.isLocked("locked"));
    String before = message("locked");
    story.patchSecret("locked", "{stringData: {password: right}}");
    // Ten seconds after the first request at the earliest.
    await().atMost(LIFE).until(() -> !message("locked").equals(before));
    await().atMost(LIFE.multipliedBy(3)).until(() -> !keycloak.isLocked("locked"));

    Duration waited = Duration.ZERO;
    while (!isReady("locked") && waited.compareTo(Duration.ofMinutes(20)) < 0) {
      passInSteps("locked", Duration.ofSeconds(30));
      waited = waited.plusSeconds(30);
    }

    assertThat(waited).isLessThanOrEqualTo(Duration.ofMinutes(11));
  }

  /** The operator asks there for its tokens. */
  private void begin(URI tokenUrl) {
    story.replaceOperator(tokenUrl, Map.of());
  }

  private void login(String user, String password) {
    login(user, password, "stories", "stories-secret");
  }

  private void login(String user, String password, String client, String secret) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, labels: {iris.trackunit.com/credentials: "true"}}
        stringData: {username: %s, password: %s, client_id: %s, client_secret: %s}
        """
            .formatted(user, user, password, client, secret));
  }

  private void createCredential(String user, String scopes) {
    story.createCredential(
        user, "{credentialsSecretRef: {name: %s}, scopes: %s}".formatted(user, scopes));
  }

  /** Time passes, half a minute at a time, and the operator looks each time. */
  private void passInSteps(String name, Duration time) {
    for (int step = 1; step * 30L <= time.toSeconds(); step++) {
      story.moveClock(Duration.ofSeconds(30));
      story.patchCredential(
          name, "{spec: {targetSecret: {annotations: {poke: '%s'}}}}".formatted(story.now()));
      await().atMost(LONGEST_EXCHANGE).until(() -> hasLooked(name));
    }
  }

  private boolean hasLooked(String name) {
    IrisCredential credential = story.credential(name).get();
    return credential
        .getMetadata()
        .getGeneration()
        .equals(credential.statusOrNone().observedGeneration());
  }

  private boolean isReady(String name) {
    return story.condition(name, "Ready").equals("True TokenValid");
  }

  private String renewed(String name) {
    return story.condition(name, "Renewed");
  }

  private String message(String name) {
    return story.status(name).condition("Renewed").orElseThrow().message();
  }
}
