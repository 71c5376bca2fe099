package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.Specs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The jar that is shipped, from its start to its end. */
class ShippedJarIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ControlPlane plane = ControlPlane.get();

  @Test
  void listsEveryMistakeOfItsConfigurationAndExits() {
    try (OperatorProcess operator =
        OperatorProcess.start(
            Map.of("IRIS_TOKEN_URL", "http://example.com/token", "IRIS_PORT", "http"))) {
      assertThat(operator.isGoneWithin(START)).isTrue();
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.printed())
          .isEqualTo(
              """
              Configuration has 2 mistakes:
                IRIS_TOKEN_URL must be an https URL with a host and without user, query or fragment (http for loopback hosts only).
                IRIS_PORT must be a port from 0 to 65535.
              """);
    }
  }

  @Test
  void saysWhyItCannotStartAndExits() {
    Map<String, String> nowhere = Map.of("KUBERNETES_MASTER", "http://127.0.0.1:1");
    try (OperatorProcess operator = OperatorProcess.start(nowhere)) {
      assertThat(operator.isGoneWithin(Duration.ofSeconds(60))).isTrue();
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.printed().lines())
          .hasSize(2)
          .first()
          .asString()
          .contains("The operator starts. version=");
      assertThat(operator.printed().lines())
          .last()
          .asString()
          .endsWith(
              "ERROR Main: The operator cannot start. The Kubernetes API server http://127.0.0.1:1/ does not answer."
                  + " Check KUBECONFIG and the network. ");
    }
  }

  @Test
  void tellsOfItselfAndCanBeStoppedWhileTheApiServerHangs() throws IOException {
    try (RawServer hanging = RawServer.plain(client -> stall());
        OperatorProcess operator =
            OperatorProcess.start(Map.of("KUBERNETES_MASTER", hanging.url().toString()))) {
      await().until(() -> operator.get("/metrics").startsWith("200 "));
      await().until(() -> !hanging.conversations().isEmpty());
      assertThat(operator.get("/livez")).startsWith("200 ");
      assertThat(operator.get("/readyz")).startsWith("503 ");
      operator.terminate();
      assertThat(operator.isGoneWithin(GRACE)).isTrue();
    }
  }

  @Test
  void isReadyAndAliveAndGoneWithinFiveSecondsOfSigterm() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        OperatorProcess operator =
            OperatorProcess.startPlain(environment(server, plane.newNamespace()))) {
      operator.awaitReady();
      assertThat(operator.get("/livez")).startsWith("200 ");
      assertThat(operator.get("/metrics")).startsWith("200 ").contains("jvm_memory_used_bytes");
      operator.terminate();
      assertThat(operator.isGoneWithin(GRACE)).isTrue();
    }
  }

  @Test
  void answersHeadAsGetWithoutABodyAndWritesNothingButItsOwnLines() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      Map<String, String> environment = environment(server, plane.newNamespace());
      environment.put("IRIS_LOG_FORMAT", "json");
      try (OperatorProcess operator = OperatorProcess.start(environment)) {
        operator.awaitReady();

        assertThat(operator.head("/livez")).isEqualTo("200 3 ");
        assertThat(operator.head("/readyz")).isEqualTo("200 3 ");
        assertThat(operator.head("/metrics")).matches("200 [0-9]{4,} ");
        assertThat(operator.printed().lines()).isNotEmpty().allMatch(line -> line.startsWith("{"));
      }
    }
  }

  @Test
  void runsOutsideAClusterAsThePageSays() throws IOException {
    Path log = Files.createTempFile(Path.of("target"), "outside", ".log");
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      String command =
          Docs.command("KUBECONFIG=$HOME/.kube/config")
              .replace("$HOME/.kube/config", plane.operatorKubeconfig().toString())
              .replace("=integrations", "=" + plane.newNamespace())
              .replace("http://127.0.0.1:8090/token", server.url().toString())
              .replace(" java ", " " + System.getProperty("java.home") + "/bin/java ");
      Process operator =
          new ProcessBuilder("sh", "-c", "exec env IRIS_PORT=0 " + command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();

      await().until(() -> Files.readString(log).contains("The operator is ready."));
      operator.destroy();
    }
  }

  @Test
  void saysWhichProxyTheApiServerIsNotReachedThrough() {
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_MASTER", "https://api.test",
            "HTTPS_PROXY", "http://127.0.0.1:1",
            "NO_PROXY", "api.test:6443");
    try (OperatorProcess operator = OperatorProcess.start(environment)) {
      assertThat(operator.isGoneWithin(Duration.ofSeconds(60))).isTrue();
      assertThat(operator.printed())
          .contains("does not answer through the proxy 127.0.0.1:1. Name it in NO_PROXY");
    }
  }

  @Test
  void reachesTheApiServerWithoutAProxyWhenItIsNamedWithItsPort() {
    URI api = URI.create(plane.operatorConfig().getMasterUrl());
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      Map<String, String> environment = environment(server, plane.newNamespace());
      environment.put("HTTPS_PROXY", "http://127.0.0.1:1");
      environment.put("NO_PROXY", api.getHost() + ":" + api.getPort());
      try (OperatorProcess operator = OperatorProcess.start(environment)) {
        operator.awaitReady();
      }
    }
  }

  @Test
  void isGoneWithinFiveSecondsOfSigtermInTheMiddleOfARequest() {
    String namespace = plane.newNamespace();
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        OperatorProcess operator = OperatorProcess.start(environment(server, namespace))) {
      server.answer(question -> stall());
      operator.awaitReady();
      plane.apply(namespace, Specs.withLogin("fleet"));
      await().until(() -> !server.questions().isEmpty());
      operator.terminate();
      assertThat(operator.isGoneWithin(GRACE)).isTrue();
    }
  }

  @Test
  void asksOnceMoreAtMostWhenItIsKilledInTheMiddleOfARequest() {
    String namespace = plane.newNamespace();
    Map<String, String> environment;
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      environment = environment(server, namespace);
      try (OperatorProcess killed = OperatorProcess.start(environment)) {
        server.answer(question -> stall());
        killed.awaitReady();
        plane.apply(namespace, Specs.withLogin("fleet"));
        await().until(() -> !server.questions().isEmpty());
        killed.kill();
        assertThat(killed.isGoneWithin(GRACE)).isTrue();
      }
      server.grantFor(Duration.ofHours(1));
      try (OperatorProcess next = OperatorProcess.start(environment)) {
        await()
            .until(
                () ->
                    plane
                            .kubectl(
                                "wait",
                                "-n",
                                namespace,
                                "--for=condition=Ready",
                                "iriscred/fleet",
                                "--timeout=1s")
                            .exitCode()
                        == 0);
        assertThat(server.questions()).hasSize(2);
        assertThat(next.isReady()).isTrue();
      }
    }
  }

  private Map<String, String> environment(FakeAuthorizationServer server, String namespace) {
    Map<String, String> environment = plane.podVariables(Map.of());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("IRIS_NAMESPACES", namespace);
    return environment;
  }

  private static FakeAuthorizationServer.Answer stall() {
    await().forever().until(() -> false);
    throw new IllegalStateException("unreachable");
  }
}
