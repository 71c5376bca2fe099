package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.controller.StatusClient;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator was killed after it wrote the target Secret and before it wrote the status: the
 * cluster is left with the new Secret and the status of the moment of the request.
 */
class LostStatusStoriesIT {
  private static final String CORRECTED = "{stringData: {password: right}}";

  @RegisterExtension private final Story story = new Story();
  private final AtomicReference<IrisCredentialStatus> atTheRequest = new AtomicReference<>();

  static Stream<Arguments> failures() {
    return Stream.of(
        argumentSet("the login was refused", 400, "CredentialsRejected"),
        argumentSet("the server was out", 503, "EndpointUnavailable"),
        argumentSet("the server limited requests", 429, "RateLimited"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsOverOnceALaterTokenIsStored(int code, String reason) {
    story.issued();
    story.server().answer(question -> Answer.error(code, "invalid_grant"));
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False " + reason);
    grantAndKeepTheStatus();
    story.moveClock(Duration.ofSeconds(61));
    story.patchSecret(Story.LOGIN, CORRECTED);
    story.poke();
    await().until(() -> story.token(Story.TARGET).equals("token-2"));
    story.awaitRenewed("True Succeeded");

    restartWithTheStatusOfTheRequest();

    story.awaitRenewed("True Succeeded");
    assertThat(story.status(Story.FLEET).failures()).isNull();
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.condition("Stalled")).isEmpty();
    story.awaitEvent("RenewalRecovered");
    story.poke();
    await().during(Story.A_WHILE).until(() -> story.events(Story.FLEET).size() == 1);
    assertThat(story.requests()).isEqualTo(3);
  }

  @Test
  void aLoginThatALaterTokenProvesIsNotHeldBackFromOthers() {
    story.server().answer(question -> Answer.error(400, "invalid_grant"));
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");
    grantAndKeepTheStatus();
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.patchSecret(Story.LOGIN, CORRECTED);
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(atTheRequest.get().failures().rejections().tries()).hasSize(2);

    story.createCredential("other", Story.SPEC);
    await().until(() -> story.condition("other", "Ready").equals("True TokenValid"));
    story.stopOperator();
    story.credential("other").delete();
    story.deleteSecret("other-token");
    restartWithTheStatusOfTheRequest();
    story.createCredential("third", Story.SPEC);

    await().until(() -> story.condition("third", "Renewed"), condition -> !condition.isEmpty());
    assertThat(story.condition("third", "Renewed")).isEqualTo("True Succeeded");
    story.awaitRenewed("True Succeeded");
  }

  @Test
  void aRequestedRenewalIsAcknowledgedOnceItsTokenIsStored() {
    story.issued();
    grantAndKeepTheStatus();
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.requestRenewal("now");
    await().until(() -> "now".equals(story.status(Story.FLEET).lastHandledRenewRequest()));

    restartWithTheStatusOfTheRequest();

    await().until(() -> "now".equals(story.status(Story.FLEET).lastHandledRenewRequest()));
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.events(Story.FLEET)).isEmpty();
  }

  @Test
  void theFirstTokenIsAnnouncedOnce() {
    grantAndKeepTheStatus();
    story.issued();

    restartWithTheStatusOfTheRequest();

    story.awaitEvent("TokenIssued");
    story.poke();
    await().during(Story.A_WHILE).until(() -> story.events(Story.FLEET).size() == 1);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.requests()).isEqualTo(1);
  }

  private void grantAndKeepTheStatus() {
    story
        .server()
        .answer(
            question -> {
              atTheRequest.compareAndSet(null, story.status(Story.FLEET));
              return story.server().grant(Duration.ofHours(1));
            });
  }

  // Between a request and the write of its token no status is written.
  private void restartWithTheStatusOfTheRequest() {
    story.stopOperator();
    story.admin().events().v1().events().inNamespace(story.namespace()).delete();
    String uid = story.credential(Story.FLEET).require().getMetadata().getUid();
    story
        .credential(Story.FLEET)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON), StatusClient.patch(uid, atTheRequest.get()));
    story.restartOperator();
  }
}
