package com.trackunit.iris.operator.support;

import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The shipped jar several times, of which one acts; with a lease, which is a shard, of its own. */
public final class Replicas implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  // What annotations may have, and some room.
  private static final int LARGE = 4000;

  private final ControlPlane plane;
  private final String namespace;
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  public Replicas(ControlPlane plane) {
    this.plane = plane;
    this.namespace = plane.newNamespace();
  }

  public String namespace() {
    return namespace;
  }

  public FakeAuthorizationServer server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Starts one; returns when it leads. */
  public OperatorProcess leader(String name) {
    return leader(name, environment(name));
  }

  /** Starts one with these variables; returns when it leads. */
  public OperatorProcess leader(String name, Map<String, String> environment) {
    OperatorProcess operator = OperatorProcess.start(environment);
    awaitHolder(name, START);
    operator.awaitReady();
    return operator;
  }

  /** Starts one; returns when it waits for its turn to lead. */
  public OperatorProcess standby(String name) {
    OperatorProcess operator = OperatorProcess.start(environment(name));
    operator.awaitReady();
    await().atMost(START).until(() -> operator.printed().contains("This replica stands by."));
    return operator;
  }

  public Map<String, String> environment(String name) {
    Map<String, String> environment = plane.podVariables(Map.of());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("IRIS_REQUEST_TIMEOUT", "60s");
    environment.put("IRIS_NAMESPACES", namespace);
    environment.put("IRIS_SHARD", namespace);
    environment.put("IRIS_LEADER_ELECTION", "true");
    environment.put("POD_NAMESPACE", "iris-system");
    environment.put("POD_NAME", name);
    return environment;
  }

  public String lease() {
    return "iris-credential-operator-" + namespace;
  }

  /**
   * Makes {@code somebody} its holder, whatever version it has: a leader may renew it meanwhile.
   */
  public void stealLease() {
    plane
        .admin()
        .leases()
        .inNamespace("iris-system")
        .withName(lease())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"holderIdentity\": \"somebody\"}}");
  }

  public void awaitHolder(String name, Duration patience) {
    await(name + " to lead").atMost(patience).pollInterval(LOOK).until(() -> leads(name));
  }

  public boolean leads(String name) {
    var lease = plane.admin().leases().inNamespace("iris-system").withName(lease()).get();
    return lease != null && name.equals(lease.getSpec().getHolderIdentity());
  }

  public void createCredential(String name) {
    String labelled = "%s, labels: {iris.trackunit.com/shard: %s}".formatted(name, namespace);
    plane.apply(namespace, Specs.withLogin(labelled));
  }

  /** Creates a credential that is large to read and asks for nothing. */
  public void orderLarge(int number) {
    IrisCredential large =
        plane
            .admin()
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: iris.trackunit.com/v1
                kind: IrisCredential
                metadata: {name: large-%1$d, namespace: %2$s, labels: {iris.trackunit.com/shard: %2$s}}
                spec: {credentialsSecretRef: {name: login}, suspend: true, targetSecret: {annotations: {%3$s}}}
                """
                    .formatted(number, namespace, annotations(number)),
                IrisCredential.class);
    plane.admin().resource(large).create();
  }

  // Each is another text: equal ones would be in the heap once.
  private static String annotations(int number) {
    return IntStream.range(0, 32)
        .mapToObj(i -> "a%d: '%d %d %s'".formatted(i, number, i, "x".repeat(LARGE)))
        .collect(Collectors.joining(", "));
  }

  /** The token of a credential, empty when there is none. */
  public String token(String credential) {
    Secret target =
        plane.admin().secrets().inNamespace(namespace).withName(credential + "-token").get();
    return target == null
        ? ""
        : new String(
            Base64.getDecoder().decode(target.getData().get("access_token")),
            StandardCharsets.UTF_8);
  }

  public boolean ready(String credential) {
    return plane
        .kubectl("get", "iriscred", credential, "-n", namespace, "--no-headers")
        .stdout()
        .contains("True");
  }

  /** What was written here since a mark, or was to be. */
  public List<ApiCall> writes(long mark) {
    return plane.audit().since(mark, ControlPlane.OPERATOR).stream()
        .filter(call -> call.namespace().equals(namespace))
        .filter(call -> List.of("create", "update", "patch", "delete").contains(call.verb()))
        .toList();
  }
}
