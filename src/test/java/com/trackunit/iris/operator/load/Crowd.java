package com.trackunit.iris.operator.load;

import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** So many credentials in a namespace of their own, and the shipped jar that serves them. */
final class Crowd implements AutoCloseable {
  private static final int PER_LOGIN = 5;
  private static final int CLIENTS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final String CREDENTIAL =
      """
      apiVersion: iris.trackunit.com/v1
      kind: IrisCredential
      metadata: {name: c%05d, namespace: %s}
      spec: {credentialsSecretRef: {name: login-%d}}
      """;
  private static final String RENEW =
      "{\"metadata\":{\"annotations\":{\"iris.trackunit.com/renew-requested-at\":\"%s\"}}}";

  private final ControlPlane plane;
  private final KubernetesClient client;
  private final FakeAuthorizationServer server;
  private final int number;
  private final String namespace;
  private final OperatorProcess operator;
  private final Instant started;
  private final long mark;

  /** Starts the operator for the credentials of this namespace. */
  Crowd(ControlPlane plane, FakeAuthorizationServer server, String namespace, int number) {
    this.plane = plane;
    this.client = plane.admin();
    this.server = server;
    this.number = number;
    this.namespace = namespace;
    mark = plane.audit().mark();
    started = Instant.now();
    operator = start(plane, server, namespace);
  }

  /** Starts an operator as the image does in a pod, with no limit of requests that matters. */
  static OperatorProcess start(
      ControlPlane plane, FakeAuthorizationServer server, String namespace) {
    return OperatorProcess.startAsInTheImage(
        plane.podVariables(
            Map.of(
                "IRIS_TOKEN_URL",
                server.url().toString(),
                "IRIS_NAMESPACES",
                namespace,
                "IRIS_MAX_REQUESTS_PER_SECOND",
                "1000")));
  }

  /** Creates so many credentials in a namespace of their own. Returns the namespace. */
  static String create(ControlPlane plane, int number) {
    String namespace = plane.newNamespace();
    create(plane, namespace, number);
    return namespace;
  }

  /** Creates so many credentials in this namespace. */
  static void create(ControlPlane plane, String namespace, int number) {
    for (int login = 0; login <= number / PER_LOGIN; login++) {
      plane.admin().resource(login(namespace, login)).create();
    }
    each(number, i -> plane.admin().resource(credential(plane.admin(), namespace, i)).create());
  }

  static Secret login(String namespace, int login) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("login-" + login)
        .withNamespace(namespace)
        .endMetadata()
        .addToStringData("username", namespace + login)
        .addToStringData("password", "secret")
        .addToStringData("client_id", "app")
        .addToStringData("client_secret", "hush")
        .build();
  }

  private static IrisCredential credential(KubernetesClient client, String namespace, int i) {
    return client
        .getKubernetesSerialization()
        .unmarshal(CREDENTIAL.formatted(i, namespace, i / PER_LOGIN), IrisCredential.class);
  }

  /**
   * What the operator called, and the processor time it took, until it was quiet.
   *
   * @param took until it was done, without the time to see that it was quiet
   */
  record Work(Instant began, Duration took, Duration cpu, List<ApiCall> calls) {
    long writes() {
      return calls.stream().filter(call -> !List.of("get", "list").contains(call.verb())).count();
    }

    double untilLast(String resource, String verb) {
      return calls.stream()
              .filter(call -> call.resource().equals(resource) && call.verb().equals(verb))
              .mapToLong(call -> Duration.between(began, call.at()).toMillis())
              .max()
              .orElse(0)
          / 1000.0;
    }
  }

  double secondsToReady() {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(operator::isReady);
    return secondsSince(started);
  }

  /** Seconds from the start until it uses less than a fifth of one processor. */
  double secondsToSteady() {
    Duration before = Duration.ZERO;
    for (Duration used = operator.cpu();
        used.minus(before).toMillis() > 100 || !operator.isReady();
        used = operator.cpu()) {
      before = used;
      pause(Duration.ofMillis(500));
    }
    return secondsSince(started) - 0.5;
  }

  private static void pause(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
  }

  private static double secondsSince(Instant instant) {
    return Duration.between(instant, Instant.now()).toMillis() / 1000.0;
  }

  /** The work since the start, when all have tokens. */
  Work filled(int granted) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> server.granted() - granted >= number);
    return quiet(started, mark, Duration.ZERO);
  }

  /** The work since the start, when it is quiet. */
  Work started() {
    return quiet(started, mark, Duration.ZERO);
  }

  /** Requests the renewal of the first so many. */
  Work renew(int some) {
    long from = plane.audit().mark();
    Duration cpu = operator.cpu();
    Instant began = Instant.now();
    int granted = server.granted();
    each(some, i -> requestRenewal(i, began));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> server.granted() - granted >= some);
    return quiet(began, from, cpu);
  }

  /** Requests the renewal of all, one after the other in so much time. */
  void renewAllWithin(Duration time) {
    Instant began = Instant.now();
    try (ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS)) {
      IntStream.range(0, number)
          .forEach(
              i ->
                  clients.schedule(
                      () -> requestRenewal(i, began),
                      time.toMillis() * i / number,
                      TimeUnit.MILLISECONDS));
    }
  }

  private void requestRenewal(int i, Instant at) {
    requestRenewal(client, namespace, i, at);
  }

  static void requestRenewal(KubernetesClient client, String namespace, int i, Instant at) {
    client
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .withName("c%05d".formatted(i))
        .patch(PatchContext.of(PatchType.JSON_MERGE), RENEW.formatted(at));
  }

  /** The work in so much time. */
  Work idle(Duration time) {
    long from = plane.audit().mark();
    Duration cpu = operator.cpu();
    Instant began = Instant.now();
    pause(time);
    return quiet(began, from, cpu);
  }

  /** Deletes all credentials. */
  Work delete() {
    long from = plane.audit().mark();
    Duration cpu = operator.cpu();
    Instant began = Instant.now();
    each(
        number,
        i ->
            client
                .resources(IrisCredential.class)
                .inNamespace(namespace)
                .withName("c%05d".formatted(i))
                .delete());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> !operator.get("/metrics").contains("iris_credential_ready{"));
    return quiet(began, from, cpu);
  }

  static void each(int number, IntConsumer action) {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      IntStream.range(0, number).forEach(i -> clients.execute(() -> action.accept(i)));
    }
  }

  private Work quiet(Instant began, long from, Duration cpuBefore) {
    Duration took = Duration.between(began, Instant.now());
    await().atMost(PATIENCE).pollDelay(QUIET).pollInterval(QUIET).until(new Quiet()::reached);
    List<ApiCall> calls =
        plane.audit().since(from, ControlPlane.OPERATOR).stream()
            .filter(call -> !call.verb().equals("watch"))
            .toList();
    return new Work(began, took, operator.cpu().minus(cpuBefore), calls);
  }

  /** Nothing was called between two looks. */
  private final class Quiet {
    private long seen;

    boolean reached() {
      long before = seen;
      seen = plane.audit().mark();
      return seen == before;
    }
  }

  OperatorProcess operator() {
    return operator;
  }

  /** Ends the operator as kubelet does. */
  @Override
  public void close() {
    operator.terminate();
    operator.isGoneWithin(PATIENCE);
  }
}
