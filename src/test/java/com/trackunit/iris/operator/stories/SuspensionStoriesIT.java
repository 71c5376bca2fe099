package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A credential that is to ask for nothing, for a while. */
class SuspensionStoriesIT {
  private static final String SUSPENDED = "{credentialsSecretRef: {name: login}, suspend: true}";

  @RegisterExtension private final Story story = new Story();

  @Test
  void asksForNothingAndStaysReadyUntilTheTokenEnds() {
    story.issued();
    story.kubectlApply(SUSPENDED);
    story.awaitRenewed("False Suspended");

    story.pass(Story.UNTIL_DUE);

    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(
            story
                .kubectl(
                    "wait",
                    "--for=jsonpath={.status.conditions[?(@.type==\"Renewed\")].reason}=Suspended",
                    "iriscred/fleet",
                    "--timeout=5s")
                .exitCode())
        .isZero();
    story.pass(Duration.ofMinutes(20));
    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("False Suspended"));
    story.awaitEvent("TokenExpired");
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void asksAgainAfterwardsIfATokenIsDue() {
    story.issued();
    story.kubectlApply(SUSPENDED);
    story.pass(Duration.ofMinutes(61));
    await().until(() -> story.condition("Ready").equals("False Suspended"));

    story.kubectlApply(Story.SPEC);

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.condition("Renewed")).isEqualTo("True Succeeded");
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void asksNobodyAfterwardsIfNoneIsDue() {
    story.issued();
    story.kubectlApply(SUSPENDED);
    story.awaitRenewed("False Suspended");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.kubectlApply(Story.SPEC);

    story.awaitRenewed("True Succeeded");
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void stillMendsTheSecretAndFollowsItsSpec() {
    story.issued();
    story.kubectlApply(
        "{credentialsSecretRef: {name: login}, suspend: true, targetSecret: {data: {t: '<{{access_token}}>'}}}");
    await().atMost(Story.SOON).until(() -> story.value("t").equals("<token-1>"));

    story.patchSecret(Story.TARGET, "{metadata: {labels: null}}");

    await().until(() -> story.secret(Story.TARGET).getMetadata().getLabels() != null);
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void doesNotReplaceADeletedSecret() {
    story.issued();
    story.kubectlApply(SUSPENDED);
    story.awaitRenewed("False Suspended");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.deleteSecret(Story.TARGET);

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("False Suspended"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.secret(Story.TARGET)).isNull();
    assertThat(story.status(Story.FLEET).binding()).isNull();
  }

  @Test
  void keepsARequestedRenewalForLater() {
    story.labelledLogin();
    story.kubectlApply(SUSPENDED);
    story.awaitRenewed("False Suspended");

    story.requestRenewal("now");

    await()
        .atMost(Story.SOON)
        .until(() -> story.message("Renewed").contains("The renewal that was requested"));
    assertThat(story.status(Story.FLEET).lastHandledRenewRequest()).isNull();
    story.kubectlApply(Story.SPEC);
    await()
        .atMost(Story.SOON)
        .until(() -> "now".equals(story.status(Story.FLEET).lastHandledRenewRequest()));
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
  }
}
