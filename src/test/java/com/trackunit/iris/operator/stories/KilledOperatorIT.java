package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A credential is moved from form to form, and each time the operator is killed in the middle of
 * it: the next one brings it to the same end, for one more request at most.
 */
class KilledOperatorIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ACT = Duration.ofSeconds(30);

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @AfterEach
  void end() {
    server.close();
  }

  /** When the operator is killed. */
  enum Moment {
    NEVER,
    /** It has asked a question, or made a call. */
    AT_THE_FIRST_SIGN,
    /** The Secret or the status was written, and what follows from it was not done. */
    AT_THE_FIRST_WRITE,
    /** Somewhere in between, each time somewhere else; the first time before it saw the change. */
    IN_BETWEEN
  }

  /**
   * One change of form.
   *
   * @param request names the renewal that is requested, empty when none is
   * @param requests how many questions it takes when nothing goes wrong
   * @param data what the target Secret holds at the end; {@code <>} stands for the newest token
   * @param conditions at the end
   */
  private record Change(
      String request, String fields, int requests, Map<String, String> data, String conditions) {}

  private static final String WELL = "Ready=True Renewed=True";
  private static final Map<String, String> DEFAULT =
      Map.of(
          "access_token", "<>",
          "token_type", "Bearer",
          "scope", "api",
          "authorization", "Bearer <>",
          "type", "iris",
          "provider", "trackunit");

  private static final List<Change> CHANGES =
      List.of(
          new Change("", "scopes: [api]", 1, DEFAULT, WELL),
          new Change(
              "", "targetSecret: {data: {a: 'x{{access_token}}'}}", 0, Map.of("a", "x<>"), WELL),
          new Change(
              "", "targetSecret: {data: {b: '{{access_token}}y'}}", 0, Map.of("b", "<>y"), WELL),
          new Change(
              "now", "targetSecret: {data: {b: '{{access_token}}y'}}", 1, Map.of("b", "<>y"), WELL),
          new Change(
              "now",
              "targetSecret: {data: {c: '{{access_token}}'}}, suspend: true",
              0,
              Map.of("c", "<>"),
              "Ready=True Renewed=False"),
          new Change("now", "scopes: [api]", 0, DEFAULT, WELL),
          new Change(
              "now", "grantType: ClientCredentials, scopes: [api, fleet]", 1, DEFAULT, WELL));

  @ParameterizedTest
  @EnumSource
  void isFollowedByOneThatEndsTheSame(Moment moment) {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: user, password: password, client_id: id, client_secret: secret}
        """);
    OperatorProcess operator = started();
    for (int number = 0; number < CHANGES.size(); number++) {
      Change change = CHANGES.get(number);
      int asked = server.questions().size();
      long mark = plane.audit().mark();
      apply(change);
      if (moment != Moment.NEVER) {
        awaitMoment(moment, number, mark, asked);
        operator.kill();
        assertThat(operator.isGoneWithin(ACT)).isTrue();
        operator = started();
      }
      await(moment + ": " + change.fields())
          .atMost(ACT)
          .untilAsserted(() -> assertThat(seen()).isEqualTo(expected(change)));
      int questions = server.questions().size() - asked;
      int spare = change.requests() == 0 || moment == Moment.NEVER ? 0 : 1;
      assertThat(questions)
          .as(change.fields())
          .isBetween(change.requests(), change.requests() + spare);
    }
    operator.close();
  }

  private void awaitMoment(Moment moment, int number, long mark, int asked) {
    switch (moment) {
      case NEVER -> {}
      case AT_THE_FIRST_SIGN ->
          await()
              .atMost(ACT)
              .pollInterval(Duration.ofMillis(1))
              .until(() -> server.questions().size() > asked || calls(mark).findAny().isPresent());
      case AT_THE_FIRST_WRITE ->
          await()
              .atMost(ACT)
              .pollInterval(Duration.ofMillis(1))
              .until(() -> calls(mark).anyMatch(call -> !call.verb().equals("get")));
      case IN_BETWEEN ->
          await().pollDelay(Duration.ofMillis(5 + 23L * number * number % 200)).until(() -> true);
    }
  }

  private Stream<ApiCall> calls(long mark) {
    return plane.audit().since(mark, ControlPlane.OPERATOR).stream()
        .filter(call -> call.namespace().equals(namespace) && !call.verb().equals("watch"));
  }

  /** What a person or a pod sees: conditions, the served request, the keys and their values. */
  private List<Object> seen() {
    IrisCredential credential =
        plane
            .admin()
            .resources(IrisCredential.class)
            .inNamespace(namespace)
            .withName("fleet")
            .get();
    IrisCredentialStatus status = credential.statusOrNone();
    Map<String, String> data = new TreeMap<>();
    Secret secret = plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get();
    if (secret != null) {
      secret.getData().forEach((key, value) -> data.put(key, text(value)));
    }
    data.remove("expires_at");
    boolean current = credential.getMetadata().getGeneration().equals(status.observedGeneration());
    return List.of(
        current,
        condition(status, "Ready") + " " + condition(status, "Renewed"),
        Optional.ofNullable(status.lastHandledRenewRequest()).orElse(""),
        data);
  }

  private List<Object> expected(Change change) {
    Map<String, String> data = new TreeMap<>(change.data());
    // The server grants a new token each time, so the newest bears the number of the last question.
    data.replaceAll((key, value) -> value.replace("<>", "token-" + server.questions().size()));
    return List.of(true, change.conditions(), change.request(), data);
  }

  private static String condition(IrisCredentialStatus status, String type) {
    return type + "=" + status.condition(type).map(Condition::status).orElse("");
  }

  private static String text(String encoded) {
    return new String(Base64.getDecoder().decode(encoded), UTF_8);
  }

  private void apply(Change change) {
    String annotations =
        change.request().isEmpty()
            ? "{}"
            : "{iris.trackunit.com/renew-requested-at: " + change.request() + "}";
    apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet, annotations: %s}
        spec: {credentialsSecretRef: {name: login}, %s}
        """
            .formatted(annotations, change.fields()));
  }

  private void apply(String yaml) {
    assertThat(plane.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-").stderr())
        .isEmpty();
  }

  private OperatorProcess started() {
    Map<String, String> environment = server.environment();
    environment.put("KUBECONFIG", plane.operatorKubeconfig().toString());
    environment.put("IRIS_NAMESPACES", namespace);
    OperatorProcess operator = OperatorProcess.start(environment);
    await().atMost(START).until(operator::isReady);
    return operator;
  }
}
