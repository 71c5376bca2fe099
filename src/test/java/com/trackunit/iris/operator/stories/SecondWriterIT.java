package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Target Secrets that somebody else annotates whenever the operator wrote them, as a reflector, a
 * replicator or a backup tool does. {@code RunningOperator} fails a test in which the process would
 * end.
 */
class SecondWriterIT {
  private static final Duration LIFETIME = Duration.ofSeconds(20);
  private static final List<String> CREDENTIALS = List.of(Story.FLEET, "second", "third");

  /** {@code -Dsecond.writer=300} plays five minutes. */
  private static final Duration TOGETHER = Duration.ofSeconds(Long.getLong("second.writer", 45));

  private final FaultyApiServer api = FaultyApiServer.before(ControlPlane.get());
  private final Story story = new Story(api);
  private final AtomicInteger annotations = new AtomicInteger();

  @AfterEach
  void close() {
    api.beforeAnswer(done -> {});
    story.close();
    api.close();
  }

  @Test
  void goesOnWhenTheWatchShowsTheOthersChangeBeforeItsOwnWriteIsAnswered() {
    api.beforeAnswer(this::annotateBeforeTheAnswer);

    story.issued();
    story.pass(Story.UNTIL_DUE);

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().during(Story.A_WHILE).until(() -> story.livez().startsWith("200"));
    assertThat(annotations).hasValueGreaterThanOrEqualTo(2);
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void renewsOnTimeBesideAReflector() {
    story.server().grantFor(LIFETIME);
    try (Watch _ = reflector()) {
      story.labelledLogin();
      CREDENTIALS.forEach(name -> story.createCredential(name, Story.SPEC));
      await().atMost(Story.SOON).until(() -> CREDENTIALS.stream().allMatch(this::isValid));

      await()
          .atMost(TOGETHER.plus(LIFETIME))
          .during(TOGETHER)
          .pollInterval(500, TimeUnit.MILLISECONDS)
          .until(() -> CREDENTIALS.stream().allMatch(this::isValid));
    }
    assertThat(story.livez()).startsWith("200");
    assertThat(annotations.get()).isGreaterThanOrEqualTo(story.server().granted() - 3);
  }

  private boolean isValid(String name) {
    Secret target = story.secret(name + "-token");
    return target != null
        && Instant.parse(target.getMetadata().getAnnotations().get("iris.trackunit.com/expires-at"))
            .isAfter(Instant.now());
  }

  private void annotateBeforeTheAnswer(FaultyApiServer.Written done) {
    if (!done.call().path().contains("/secrets")) {
      return;
    }
    String name = done.object().at("/metadata/name").asText();
    String version = annotate(name).getMetadata().getResourceVersion();
    await().atMost(Story.SOON).until(() -> api.hasTold(version));
    // What the watch told must have reached the cache.
    await().pollDelay(Duration.ofMillis(200)).until(() -> true);
  }

  private Secret annotate(String name) {
    return ControlPlane.get()
        .admin()
        .secrets()
        .inNamespace(story.namespace())
        .withName(name)
        .edit(
            secret -> {
              secret
                  .getMetadata()
                  .getAnnotations()
                  .put("reflector/copied", "at-" + annotations.incrementAndGet());
              return secret;
            });
  }

  // Answers each change of a token by an annotation, and its own changes by nothing.
  private Watch reflector() {
    return ControlPlane.get()
        .admin()
        .secrets()
        .inNamespace(story.namespace())
        .withLabel("app.kubernetes.io/name", "iris-token")
        .watch(
            new Watcher<>() {
              @Override
              public void eventReceived(Action action, Secret secret) {
                String token = Story.token(secret);
                String seen = secret.getMetadata().getAnnotations().get("reflector/token");
                if (action != Action.DELETED && !token.equals(seen)) {
                  annotations.incrementAndGet();
                  story.annotates(secret.getMetadata().getName(), "reflector/token", token);
                }
              }

              @Override
              public void onClose(WatcherException cause) {
                throw new IllegalStateException(cause);
              }
            });
  }
}
