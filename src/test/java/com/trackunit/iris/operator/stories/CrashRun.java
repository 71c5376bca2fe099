package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import com.trackunit.iris.operator.support.RestartedOperator;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a workload by the shipped jar, which is killed at one call or never. */
final class CrashRun {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration QUIET = Duration.ofMillis(700);

  private final CrashWorkload workload;
  private final @Nullable CrashPoint point;
  private final FaultyApiServer api;
  private final Story story;

  private CrashRun(
      CrashWorkload workload, @Nullable CrashPoint point, FaultyApiServer api, Story story) {
    this.workload = workload;
    this.point = point;
    this.api = api;
    this.story = story;
  }

  /**
   * What a run left behind.
   *
   * @param done whether what the workload wants was reached
   * @param truths what must hold at any end
   * @param events how often each kind was written
   * @param killed the call at which it was killed, null when that did not come
   * @param writesBefore how many contents of the Secret had been written by then
   * @param printed what the last process printed when {@code done} is false
   */
  record End(
      boolean done,
      Truths truths,
      EndState state,
      Map<String, Long> events,
      int requests,
      int writes,
      List<Call> calls,
      @Nullable Call killed,
      int writesBefore,
      String printed) {}

  /**
   * What must hold at any end.
   *
   * @param newest the Secret holds the token that was granted last
   * @param sorted no token followed one that ends later
   * @param told the status tells of the token in the Secret
   * @param counted every refusal of the login is counted
   */
  record Truths(boolean newest, boolean sorted, boolean told, boolean counted) {}

  static End unharmed(ControlPlane plane, CrashWorkload workload) {
    return play(plane, workload, null);
  }

  static End killed(ControlPlane plane, CrashPoint point) {
    return play(plane, point.workload(), point);
  }

  private static End play(ControlPlane plane, CrashWorkload workload, @Nullable CrashPoint point) {
    try (FaultyApiServer api = FaultyApiServer.before(plane);
        Story story = new Story(api)) {
      return new CrashRun(workload, point, api, story).play();
    }
  }

  private End play() {
    workload.prepare(story);
    int before = story.requests();
    int written = api.written().size();
    try (RestartedOperator operator = RestartedOperator.start(environment())) {
      Killing killing = new Killing(operator, written);
      api.whenAnswerIsLost(killing::kill);
      api.fail(killing);
      awaitReady(operator);
      workload.begin(story);
      boolean done = awaitDone(operator, killing);
      return end(done, story.requests() - before, written, killing, operator);
    } finally {
      api.fail(call -> Fault.NONE);
    }
  }

  private void awaitReady(RestartedOperator operator) {
    // Whether a change is the first that a process sees of a Secret makes a difference.
    boolean exists = story.credential(Story.FLEET).get() != null;
    await(this + " to start")
        .atMost(PATIENCE)
        .until(() -> operator.process().isReady() && (!exists || hasLooked(operator)));
  }

  // The end is reached when the last process is ready and nothing more is asked of anybody.
  private boolean awaitDone(RestartedOperator operator, Killing killing) {
    Function<Boolean, Boolean> isDone = ready -> ready && workload.isDone(story);
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> isDone.apply(operator.process().isReady() && hasLooked(operator)));
      int[] seen = {-1};
      await()
          .atMost(PATIENCE)
          .pollInterval(QUIET)
          .until(
              () -> {
                int now = killing.count() + story.requests();
                boolean quiet = now == seen[0];
                seen[0] = now;
                return quiet && isDone.apply(operator.process().isReady());
              });
      return true;
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      return false;
    }
  }

  private boolean hasLooked(RestartedOperator operator) {
    return story.credential(Story.FLEET).get() == null
        || operator.process().get("/metrics").contains("name=\"fleet\"");
  }

  private End end(
      boolean done, int requests, int written, Killing killing, RestartedOperator operator) {
    EndState state = EndState.of(story);
    return new End(
        done,
        truths(),
        new EndState(masked(state.credential()), masked(state.secret())),
        story.events(Story.FLEET).stream()
            .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting())),
        requests,
        contents(written),
        killing.calls(),
        killing.killed(),
        killing.writesBefore(),
        done ? "" : operator.process().printed());
  }

  private int contents(int written) {
    return WrittenSecrets.since(written, api).contents().size();
  }

  private Truths truths() {
    List<Instant> expiries = WrittenSecrets.since(0, api).expiries().toList();
    Secret secret = story.secret(Story.TARGET);
    return new Truths(
        workload == CrashWorkload.DELETED || holds(secret, "token-" + story.server().granted()),
        expiries.equals(expiries.stream().sorted().toList()),
        workload == CrashWorkload.DELETED || CrashWorkload.isTold(story),
        workload != CrashWorkload.REJECTED_AGAIN
            || CrashWorkload.rejections(story) >= story.requests() - 1);
  }

  // Templates may put the token under any key, with other text around it.
  private static boolean holds(@Nullable Secret secret, String token) {
    Pattern whole = Pattern.compile(Pattern.quote(token) + "(?!\\d)");
    return secret != null
        && secret.getData().values().stream()
            .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
            .anyMatch(value -> whole.matcher(value).find());
  }

  // A try that was counted and perhaps not made counts, and another may follow it.
  private String masked(String text) {
    return workload == CrashWorkload.REJECTED_AGAIN
        ? text.replaceAll("\\d+", "N").replaceAll("(\\s*- \"TIME\")+", " TIMES")
        : text.replaceAll("token-\\d+", "token-N");
  }

  private Map<String, String> environment() {
    Map<String, String> environment = story.server().environment();
    environment.put("KUBECONFIG", api.kubeconfig().toString());
    environment.put("IRIS_NAMESPACES", story.namespace());
    return environment;
  }

  @Override
  public String toString() {
    return point == null ? workload.text() : point.toString();
  }

  /** Numbers the calls about the namespace, and kills the process at one of them. */
  private final class Killing implements Function<Call, Fault> {
    private final RestartedOperator operator;
    private final List<Call> calls = new ArrayList<>();
    private final int written;
    private @Nullable Call killed;
    private int writesBefore;

    Killing(RestartedOperator operator, int written) {
      this.operator = operator;
      this.written = written;
    }

    synchronized void kill() {
      writesBefore = contents(written);
      operator.kill();
    }

    @Override
    public synchronized Fault apply(Call call) {
      if (!call.path().contains("/namespaces/" + story.namespace() + "/")) {
        return Fault.NONE;
      }
      calls.add(call);
      if (point == null || calls.size() - 1 != point.number()) {
        return Fault.NONE;
      }
      killed = call;
      if (point.side() == CrashPoint.Side.BEFORE) {
        kill();
      }
      return point.side().fault();
    }

    synchronized int count() {
      return calls.size();
    }

    synchronized List<Call> calls() {
      return List.copyOf(calls);
    }

    synchronized int writesBefore() {
      return writesBefore;
    }

    synchronized @Nullable Call killed() {
      return killed;
    }
  }
}
