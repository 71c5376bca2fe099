package com.trackunit.iris.operator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Two namespaces with an operator and an authorization server, and what a reader does in them. */
final class RecipesCluster implements AutoCloseable {
  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final String otherNamespace = plane.newNamespace();
  private final MovableClock clock = new MovableClock();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final RunningOperator operator =
      RunningOperator.start(plane, Set.of(namespace, otherNamespace), server.url(), clock);

  /** Where everything is, unless another is named. */
  String namespace() {
    return namespace;
  }

  String otherNamespace() {
    return otherNamespace;
  }

  KubernetesClient client() {
    return plane.admin();
  }

  /** Goes beyond the floor between two token requests. */
  void passTheFloor() {
    clock.move(Duration.ofSeconds(11));
  }

  void apply(String yaml) {
    CommandResult applied = plane.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
  }

  void type(String command) {
    CommandResult result = plane.shell(namespace, command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }

  /** Creates a Secret or replaces it. */
  void write(Secret secret) {
    client().resource(secret).createOr(NonDeletingOperation::update);
  }

  Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(client().secrets().inNamespace(namespace).withName(name).get());
  }

  IrisCredential credential(String name) {
    return client().resources(IrisCredential.class).inNamespace(namespace).withName(name).get();
  }

  void awaitToken(String name, String token) {
    await()
        .until(() -> secret(namespace, name).map(RecipesCluster::token).orElse(""), token::equals);
  }

  private static String token(Secret secret) {
    return new String(Base64.getDecoder().decode(secret.getData().get("access_token")), UTF_8);
  }

  /** Waits until tokens were asked for with these passwords and no others, in this order. */
  void awaitPasswords(String... passwords) {
    await()
        .untilAsserted(
            () ->
                assertThat(server.questions())
                    .extracting(question -> question.field("password").orElse(""))
                    .containsExactly(passwords));
  }

  @Override
  public void close() {
    client().resources(IrisCredential.class).inNamespace(namespace).delete();
    operator.close();
    server.close();
  }
}
