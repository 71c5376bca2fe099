package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Credentials so large that the API server does not answer the writes of their statuses in time.
 */
class LargeCredentialsIT {
  // More than the threads that reconcile.
  private static final int LARGE = 48;
  // As often as the client tries by itself, for two seconds each.
  private static final int TRIES = 3;
  private static final Duration SERVED = Duration.ofSeconds(7).plus(Story.SOON);

  private final FaultyApiServer api = FaultyApiServer.before(ControlPlane.get());
  @RegisterExtension private final Story story = new Story(api);
  private final Map<String, Integer> written = new ConcurrentHashMap<>();
  private final List<Instant> repeated = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void end() {
    end.countDown();
    api.close();
  }

  @Test
  void holdUpTheOthersForAFewSeconds() {
    api.fail(this::answerNoLargeOne);
    for (int i = 0; i < LARGE; i++) {
      story.createCredential("large-" + i, "{credentialsSecretRef: {name: none}}");
    }
    await().until(() -> !written.isEmpty());
    story.labelledLogin();
    story.createCredential();

    await().atMost(SERVED).until(() -> story.condition("Ready").equals("True TokenValid"));

    await().atMost(SERVED).until(() -> repeated.size() >= 2);
    await().during(Story.A_WHILE).until(() -> repeated.size() >= 2);
    List<Instant> begun = List.copyOf(repeated);
    assertThat(IntStream.range(2, begun.size()))
        .as("two at the same time, for ten seconds each: %s", begun)
        .allMatch(i -> begun.get(i).isAfter(begun.get(i - 2).plusSeconds(9)));
    end.countDown();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> story.condition("large-0", "Renewed").equals("False CredentialsSecretNotFound"));
    assertThat(story.livez()).startsWith("200");
  }

  private Fault answerNoLargeOne(Call call) {
    if (call.toString().startsWith("PATCH iriscredentials/large-")) {
      if (written.merge(call.path(), 1, Integer::sum) > TRIES) {
        repeated.add(story.now());
      }
      try {
        end.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Fault.NONE;
  }
}
