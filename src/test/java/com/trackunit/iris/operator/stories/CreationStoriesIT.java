package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ApiCall;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CreationStoriesIT {
  private static final int MANY = 50;

  // Faster than the cap, since it is the way of one credential that is timed.
  @RegisterExtension
  private final Story story = new Story(Map.of("IRIS_MAX_REQUESTS_PER_SECOND", "100"));

  @Test
  void writesTheSecretWithinASecond() {
    story.issued();
    long mark = story.mark();

    IntStream.range(0, MANY).forEach(number -> createAndAwait("credential-" + number));

    List<Duration> waits =
        IntStream.range(0, MANY)
            .mapToObj(number -> waited(mark, "credential-" + number))
            .sorted()
            .toList();
    // Nine of ten: a loaded machine stands still for longer now and then.
    assertThat(waits.get(MANY * 9 / 10 - 1)).isLessThan(Duration.ofSeconds(1));
    assertThat(story.requests()).isEqualTo(MANY + 1);
  }

  @Test
  void writesWhatTheContractSays() {
    story.labelledLogin();

    story.createCredential();

    story.awaitEvent("TokenIssued");
    Secret secret = story.secret(Story.TARGET);
    ObjectMeta metadata = secret.getMetadata();
    assertThat(secret.getType()).isEqualTo("Opaque");
    assertThat(decoded(secret))
        .containsOnlyKeys(
            "access_token",
            "token_type",
            "scope",
            "expires_at",
            "authorization",
            "type",
            "provider")
        .containsEntry("access_token", "token-1")
        .containsEntry("token_type", "Bearer")
        .containsEntry("scope", "api")
        .containsEntry("expires_at", metadata.getAnnotations().get("iris.trackunit.com/expires-at"))
        .containsEntry("authorization", "Bearer token-1");
    assertThat(metadata.getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "iris-credential-operator")
        .containsEntry("app.kubernetes.io/name", "iris-token");
    assertThat(metadata.getOwnerReferences())
        .containsExactly(
            new OwnerReference(
                "iris.trackunit.com/v1",
                false,
                true,
                "IrisCredential",
                Story.FLEET,
                story.credential(Story.FLEET).get().getMetadata().getUid()));
  }

  @Test
  void costsOneReadAndThreeWrites() {
    story.labelledLogin();
    long mark = story.mark();

    story.createCredential();

    story.awaitEvent("TokenIssued");
    assertThat(story.calls(mark))
        .satisfiesExactly(
            call -> assertThat(call).isEqualTo("get secrets/login"),
            call -> assertThat(call).isEqualTo("create secrets/fleet-token"),
            call -> assertThat(call).isEqualTo("patch iriscredentials/fleet/status"),
            call -> assertThat(call).startsWith("create events/fleet."));
    assertThat(story.requests()).isEqualTo(1);
  }

  private void createAndAwait(String name) {
    story.createCredential(name, Story.SPEC);
    await().pollInterval(Duration.ofMillis(10)).until(() -> story.secret(name + "-token") != null);
  }

  private Duration waited(long mark, String name) {
    return Duration.between(
        created(mark, "iriscredentials", name), created(mark, "secrets", name + "-token"));
  }

  private Instant created(long mark, String resource, String name) {
    return story.allCalls(mark).stream()
        .filter(call -> call.verb().equals("create"))
        .filter(call -> call.resource().equals(resource) && call.name().equals(name))
        .map(ApiCall::at)
        .findFirst()
        .orElseThrow();
  }

  private static TreeMap<String, String> decoded(Secret secret) {
    TreeMap<String, String> data = new TreeMap<>(secret.getData());
    data.replaceAll(
        (key, value) -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    return data;
  }
}
