package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A credential that is deleted while somebody's finalizer holds it: pods mount its Secret still.
 */
class HeldDeletionStoriesIT {
  @RegisterExtension private final Story story = new Story();

  @AfterEach
  void letGo() {
    story.patchCredential("{metadata: {finalizers: null}}");
  }

  @Test
  void isServedUntilItIsGone() {
    story.issued();
    deletedButHeld("--cascade=background");

    story.pass(Story.UNTIL_DUE);

    await().until(() -> story.token(Story.TARGET).equals("token-2"));
    await().until(() -> story.condition("Renewed").equals("True Succeeded"));
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.metrics()).contains("name=\"fleet\"");
  }

  @Test
  void isServedByAnOperatorThatStartsWhileItIsHeld() {
    story.issued();
    deletedButHeld("--cascade=background");
    story.stopOperator();
    story.moveClock(Story.UNTIL_DUE);

    story.restartOperator();

    await().until(() -> story.token(Story.TARGET).equals("token-2"));
  }

  @Test
  void getsNoSecretInPlaceOfOneThatIsGone() {
    story.issued();
    deletedButHeld("--cascade=background");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.deleteSecret(Story.TARGET);

    await().until(() -> story.condition("Ready").equals("False NoToken"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.message("Ready")).startsWith("This resource is being deleted");
    assertThat(story.secret(Story.TARGET)).isNull();
  }

  @Test
  void leavesAnOrphanedSecretToWhoeverWantedIt() {
    story.collectGarbage();
    story.issued();

    deletedButHeld("--cascade=orphan");

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getMetadata().getOwnerReferences().isEmpty());
    await().until(() -> story.condition("Ready").equals("False NoToken"));
    long mark = story.mark();
    await()
        .during(Story.A_WHILE)
        .until(() -> story.secret(Story.TARGET).getMetadata().getOwnerReferences().isEmpty());
    assertThat(story.calls(mark)).isEmpty();
  }

  private void deletedButHeld(String cascade) {
    story.patchCredential("{metadata: {finalizers: [example.com/held]}}");
    assertThat(story.kubectl("delete", "iriscred", Story.FLEET, cascade, "--wait=false").exitCode())
        .isZero();
  }
}
