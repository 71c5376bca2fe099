package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import org.junit.jupiter.api.Test;

/**
 * The image alone is upgraded, and the definition is of an earlier version. See
 * github.com/external-secrets/external-secrets/issues/4662.
 */
class EarlierDefinitionIT {
  private static final String STATUS =
      "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/binding";

  @Test
  void aFieldOfTheStatusThatTheApiServerDropsIsWrittenOnceAndNotAtEachLook() {
    try (ControlPlane plane = ControlPlane.another()) {
      String patch = "[{\"op\": \"remove\", \"path\": \"%s\"}]".formatted(STATUS);
      plane.kubectl(
          "patch", "crd", "iriscredentials.iris.trackunit.com", "--type=json", "-p", patch);
      try (Story story = new Story(plane)) {
        story.issued();
        assertThat(story.status(Story.FLEET).binding()).isNull();
        story.pass(Story.MINIMUM_INTERVAL);
        long mark = story.mark();

        for (int look = 0; look < 5; look++) {
          story.pass(Story.MINIMUM_INTERVAL);
          await()
              .during(Story.A_WHILE)
              .until(() -> story.calls(mark).stream().noneMatch(call -> call.endsWith("/status")));
        }

        story.pass(Story.UNTIL_DUE);
        await().until(() -> story.token(Story.TARGET).equals("token-2"));
        await().until(() -> story.condition("Ready").equals("True TokenValid"));
      }
    }
  }
}
