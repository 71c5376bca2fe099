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
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** So many credentials in a namespace of their own, and the shipped jar that serves them. */
final class Crowd implements AutoCloseable {
  private static final int PER_LOGIN = 5;
  private static final int CLIENTS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(5);
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
  private Instant started = Instant.now();
  private OperatorProcess operator;

  /** What the operator called while something happened, and when that began. */
  record Calls(Instant began, List<ApiCall> all) {
    long writes() {
      return all.stream().filter(call -> !List.of("get", "list").contains(call.verb())).count();
    }

    Duration untilTheLastSecret() {
      return all.stream()
          .filter(call -> call.resource().equals("secrets") && !call.verb().equals("get"))
          .map(call -> Duration.between(began, call.at()))
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }
  }

  Crowd(ControlPlane plane, FakeAuthorizationServer server, int number) {
    this.plane = plane;
    this.client = plane.admin();
    this.server = server;
    this.number = number;
    namespace = plane.newNamespace();
    operator = process();
  }

  int number() {
    return number;
  }

  private OperatorProcess process() {
    return OperatorProcess.startAsInTheImage(
        Map.of(
            "KUBECONFIG",
            plane.operatorKubeconfig().toString(),
            "IRIS_TOKEN_URL",
            server.url().toString(),
            "IRIS_NAMESPACES",
            namespace,
            "IRIS_MAX_REQUESTS_PER_SECOND",
            "200"));
  }

  /** How long it takes to be ready. */
  Duration start() {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(operator::isReady);
    return Duration.between(started, Instant.now());
  }

  void restart() {
    operator.terminate();
    operator.isGoneWithin(PATIENCE);
    started = Instant.now();
    operator = process();
    start();
  }

  void create() {
    for (int login = 0; login <= number / PER_LOGIN; login++) {
      client.resource(login(login)).create();
    }
    each(number, i -> client.resource(credential(i)).create());
    await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> valid() == number);
  }

  private Secret login(int login) {
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

  private IrisCredential credential(int i) {
    return client
        .getKubernetesSerialization()
        .unmarshal(CREDENTIAL.formatted(i, namespace, i / PER_LOGIN), IrisCredential.class);
  }

  private long valid() {
    return operator
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("iris_credential_ready{") && line.endsWith(" 1.0"))
        .count();
  }

  /** Asks for the renewal of the first so many. */
  void renew(int some) {
    int asked = server.questions().size();
    String patch = RENEW.formatted(Instant.now());
    each(
        some,
        i ->
            client
                .resources(IrisCredential.class)
                .inNamespace(namespace)
                .withName("c%05d".formatted(i))
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> server.questions().size() == asked + some);
  }

  private static void each(int number, IntConsumer action) {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      IntStream.range(0, number).forEach(i -> clients.execute(() -> action.accept(i)));
    }
  }

  /** What the operator called until it had nothing more to do for that. */
  Calls during(Runnable happening) {
    long mark = plane.audit().mark();
    Instant began = Instant.now();
    happening.run();
    await().atMost(PATIENCE).pollInterval(QUIET).until(new Quiet()::reached);
    List<ApiCall> all =
        plane.audit().since(mark, ControlPlane.OPERATOR).stream()
            .filter(call -> !call.verb().equals("watch"))
            .toList();
    return new Calls(began, all);
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

  int asked() {
    return server.questions().size();
  }

  OperatorProcess operator() {
    return operator;
  }

  @Override
  public void close() {
    operator.close();
  }
}
