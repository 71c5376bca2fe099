package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.OperatorProcess;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A life with known secrets at the loudest log level, after which nothing anybody can read holds
 * one of them.
 */
class CanaryIT {
  private static final String USER = "canary-user@example.com";
  private static final String PASSWORD = "canary+päss\"wörd/&=%";
  private static final String CLIENT_ID = "canary-client";
  private static final String CLIENT_SECRET = "canary<secret>'\\";
  private static final String REFRESH_TOKEN = "canary refresh~token";
  private static final Map<String, String> SPECS =
      Map.of(
          "client",
          "{credentialsSecretRef: {name: login}, grantType: ClientCredentials, scopes: [api]}",
          "app",
          "{credentialsSecretRef: {name: login}, grantType: AppToken, scopes: [api]}");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final AtomicInteger granted = new AtomicInteger();

  @Test
  void noSecretIsEverShown() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        OperatorProcess operator = OperatorProcess.start(environment(server))) {
      operator.awaitReady();
      live(server);
      operator.printThreads();
      await().until(() -> operator.printed().contains("Full thread dump"));
      String readable = readable(operator);
      operator.terminate();
      assertThat(operator.isGoneWithin(SOON)).isTrue();
      assertThat(operator.printed()).contains("TokenIssued", "CredentialsRejected", "DEBUG");
      for (String canary : canaries()) {
        assertThat(readable + operator.printed()).doesNotContain(canary);
      }
    }
  }

  /** Every kind of answer once, each of them quoting what it was asked. */
  private void live(FakeAuthorizationServer server) {
    createLogin();
    // Lives so shortly that its refresh token is sent, and quoted, before the end.
    server.answer(
        question ->
            Answer.json(
                200,
                grant()
                    .replace("3600", "22")
                    .replace("}", ",\"refresh_token\":\"" + REFRESH_TOKEN + "\"}")));
    create("offline", "{credentialsSecretRef: {name: login}, scopes: [api, offline_access]}");
    await().until(() -> isTold("offline"));
    server.answer(question -> Answer.json(200, grant()));
    // A refused login is not sent again, so what quotes it comes last.
    for (String name :
        List.of("good", "broken", "odd", "html", "quoted", "client", "app", "foreign")) {
      if (name.equals("quoted")) {
        server.answer(
            question ->
                new Answer(
                    401, Map.of("WWW-Authenticate", PASSWORD_IN_ASCII), quote(question.body())));
      }
      if (name.equals("broken")) {
        server.answer(question -> Answer.json(200, grant().replace("}", "")));
      }
      if (name.equals("odd")) {
        server.answer(question -> Answer.json(200, grant().replace("Bearer", "canary-token-type")));
      }
      if (name.equals("html")) {
        server.answer(
            question -> new Answer(503, Map.of("Content-Type", "text/html"), question.body()));
      }
      if (name.equals("foreign")) {
        plane.kubectl(
            "create", "secret", "generic", "foreign-token", "-n", namespace, "--from-literal=a=b");
      }
      create(name, SPECS.getOrDefault(name, "{credentialsSecretRef: {name: login}}"));
      await().until(() -> isTold(name));
    }
    await().until(() -> asked(server, "refresh_token") && asked(server, "client_id"));
    assertThat(server.questions()).anyMatch(question -> question.path().equals("/apptoken"));
  }

  private static boolean asked(FakeAuthorizationServer server, String field) {
    return server.questions().stream().anyMatch(question -> question.field(field).isPresent());
  }

  private static final String PASSWORD_IN_ASCII = "Basic realm=canary-realm";

  private static String quote(String body) {
    return "{\"error\":\"invalid_grant\",\"error_description\":\"" + body + "\"}";
  }

  private String grant() {
    return "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"canary.token-%d_~+/==\"}"
        .formatted(granted.incrementAndGet());
  }

  private boolean isTold(String name) {
    return plane
        .kubectl(
            "get", "iriscred", name, "-n", namespace, "-o", "jsonpath={.status.conditions[*].type}")
        .stdout()
        .contains("Renewed");
  }

  private void createLogin() {
    plane.kubectl(
        "create",
        "secret",
        "generic",
        "login",
        "-n",
        namespace,
        "--from-literal=username=" + USER,
        "--from-literal=password=" + PASSWORD,
        "--from-literal=client_id=" + CLIENT_ID,
        "--from-literal=client_secret=" + CLIENT_SECRET);
  }

  private void create(String name, String spec) {
    plane.apply(
        namespace,
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec));
  }

  /** Whatever can be read without the right to read Secrets. */
  private String readable(OperatorProcess operator) {
    return operator.get("/metrics")
        + plane.kubectl("get", "iriscred", "-n", namespace, "-o", "yaml").stdout()
        + plane.kubectl("describe", "iriscred", "-n", namespace).stdout()
        + plane.kubectl("get", "events", "-n", namespace, "-o", "yaml").stdout()
        + plane
            .kubectl("get", "secret", "good-token", "-n", namespace, "-o", "jsonpath={.metadata}")
            .stdout();
  }

  private List<String> canaries() {
    List<String> secrets =
        new ArrayList<>(
            List.of(
                USER,
                PASSWORD,
                CLIENT_ID,
                CLIENT_SECRET,
                CLIENT_ID + ":" + CLIENT_SECRET,
                REFRESH_TOKEN,
                "canary-realm",
                "canary-token-type"));
    for (int i = 1; i <= granted.get(); i++) {
      secrets.add("canary.token-" + i);
    }
    List<String> canaries = new ArrayList<>();
    for (String secret : secrets) {
      canaries.add(secret);
      canaries.add(URLEncoder.encode(secret, UTF_8));
      canaries.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
      // Without its end, which depends on what follows.
      String base64 = Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
      canaries.add(base64.substring(0, base64.length() / 4 * 4 - 4));
    }
    return canaries;
  }

  private Map<String, String> environment(FakeAuthorizationServer server) {
    Map<String, String> environment = plane.podVariables(server.environment());
    environment.put("IRIS_NAMESPACES", namespace);
    environment.put("IRIS_LOG_LEVEL", "trace");
    return environment;
  }
}
