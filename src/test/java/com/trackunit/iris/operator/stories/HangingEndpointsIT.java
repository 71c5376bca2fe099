package com.trackunit.iris.operator.stories;

import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two token endpoints that give no answer, and a third one that does. */
class HangingEndpointsIT {
  private static final int SLOTS = 8;

  @RegisterExtension
  private final Story story =
      new Story(Map.of("IRIS_REQUEST_TIMEOUT", "60s", "IRIS_MAX_REQUESTS_PER_SECOND", "100"));

  @Test
  void doNotHoldUpTheThird() {
    story
        .server()
        .answer(
            question -> {
              if (question.path().equals("/apptoken")) {
                return story.server().grant(Duration.ofHours(1));
              }
              await().forever().until(() -> false);
              return Answer.error(500, "unreachable");
            });
    for (int i = 0; i < SLOTS; i++) {
      createCredential("password-" + i, "Password");
      createCredential("client-" + i, "ClientCredentials");
    }
    await().atMost(Story.SOON).until(() -> story.requests() == 2 * SLOTS);

    createCredential("app", "AppToken");

    await()
        .atMost(Story.SOON)
        .until(() -> story.condition("app", "Ready").equals("True TokenValid"));
  }

  /** A credential with a login of its own. */
  private void createCredential(String name, String grantType) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login-%s}
        stringData: {username: "%s", password: secret, client_id: "%s", client_secret: hush}
        """
            .formatted(name, name, name));
    story.createCredential(
        name,
        "{credentialsSecretRef: {name: login-%s}, grantType: %s, scopes: [api]}"
            .formatted(name, grantType));
  }
}
