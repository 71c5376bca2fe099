package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A watched namespace in which the operator has no right yet. */
@Execution(ExecutionMode.CONCURRENT)
class LateNamespacesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final ControlPlane plane = ControlPlane.another();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @Test
  void servesTheOthersAndTheLateOneOnceItMay() {
    takeAllRights();
    kubectl("create", "namespace", "early");
    allow("early");
    createCredential("early");
    try (OperatorProcess operator = start()) {
      await().atMost(PATIENCE).until(() -> hasToken("early"));
      assertThat(operator.printed()).contains("namespace=\"late\"", "list iriscredentials");

      kubectl("create", "namespace", "late");
      createCredential("late");
      allow("late");

      await().atMost(PATIENCE).until(() -> hasToken("late"));
      assertThat(operator.get("/livez")).startsWith("200");
      assertThat(operator.get("/metrics")).doesNotContain("iris_missing_right{");
    }
    assertThat(server.questions()).hasSize(2);
  }

  /** What one namespace's Role may lack at the start. */
  enum Lack {
    /** It may list and not watch. */
    WATCH("watch secrets") {
      @Override
      boolean keeps(PolicyRule rule) {
        rule.getVerbs().remove("watch");
        return true;
      }
    },
    /** It has no rule for Secrets. */
    SECRETS("list secrets") {
      @Override
      boolean keeps(PolicyRule rule) {
        return !rule.getResources().contains("secrets");
      }
    };

    private final String right;

    Lack(String right) {
      this.right = right;
    }

    abstract boolean keeps(PolicyRule rule);
  }

  @ParameterizedTest
  @EnumSource
  void servesTheOthersWhenTheRoleOfOneIsBroken(Lack lack) {
    takeAllRights();
    for (String namespace : List.of("early", "late")) {
      kubectl("create", "namespace", namespace);
      allow(namespace);
      createCredential(namespace);
    }
    editRole(lack);
    try (OperatorProcess operator = start()) {
      await().atMost(PATIENCE).until(() -> hasToken("early"));
      await().atMost(PATIENCE).until(() -> renewed("late").contains(lack.right));
      assertThat(renewed("late")).startsWith("False KubernetesWriteFailed");
      assertThat(operator.printed()).contains("namespace=\"late\"", lack.right);
      assertThat(operator.get("/livez")).startsWith("200");
      assertThat(operator.get("/readyz")).startsWith("200");
      assertThat(mayWatchSecrets()).startsWith("no");
      String[] words = lack.right.split(" ");
      assertThat(operator.get("/metrics"))
          .contains(
              "iris_missing_right{credential_namespace=\"late\",resource=\"%s\",verb=\"%s\"} 1.0"
                  .formatted(words[1], words[0]));

      allow("late");

      await().atMost(PATIENCE).until(() -> hasToken("late"));
      await().atMost(PATIENCE).until(() -> renewed("late").startsWith("True Succeeded"));
      assertThat(operator.get("/metrics")).doesNotContain("iris_missing_right{");
      // What was added is watched like the others.
      kubectl("delete", "secret", "fleet-token", "--namespace=late");
      await().atMost(PATIENCE).until(() -> hasToken("late"));
    }
  }

  @Test
  void doesNotStartWhenItMayNowhere() {
    takeAllRights();

    try (OperatorProcess operator = start()) {
      assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.printed()).contains("The operator may not list iriscredentials at");
    }
  }

  private void takeAllRights() {
    kubectl("delete", "clusterrole,clusterrolebinding", "iris-credential-operator");
  }

  private OperatorProcess start() {
    return OperatorProcess.start(
        plane.podVariables(
            Map.of("IRIS_TOKEN_URL", server.url().toString(), "IRIS_NAMESPACES", "early,late")));
  }

  private void allow(String namespace) {
    String role = kubectl("kustomize", "deploy/overlays/namespaced/watched");
    plane.apply(namespace, role);
  }

  private String mayWatchSecrets() {
    String question = Docs.command("kubectl auth can-i watch secrets");
    return plane.shell(question.replace("NAMESPACE", "late")).stdout();
  }

  private void editRole(Lack lack) {
    plane
        .admin()
        .rbac()
        .roles()
        .inNamespace("late")
        .withName("iris-credential-operator-watched")
        .edit(
            role -> {
              role.getRules().removeIf(rule -> !lack.keeps(rule));
              return role;
            });
  }

  /** The condition as status, reason and message. */
  private String renewed(String namespace) {
    return plane
        .kubectl(
            "get",
            "iriscred",
            "fleet",
            "--namespace=" + namespace,
            "--output=jsonpath={range .status.conditions[?(@.type=='Renewed')]}{.status} {.reason}"
                + " {.message}{end}")
        .stdout();
  }

  private void createCredential(String namespace) {
    plane.apply(namespace, Specs.withLogin("fleet"));
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }

  private boolean hasToken(String namespace) {
    return plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get() != null;
  }
}
