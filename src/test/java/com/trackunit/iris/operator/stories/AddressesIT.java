package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped jar and a token endpoint whose name has several addresses, of which one answers. */
class AddressesIT {
  private static final Duration START = Duration.ofSeconds(20);

  /** The name in the certificate, which is verified whatever address is tried. */
  private static final String HOST = "elsewhere.test";

  private static final String BODY =
      "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"token\",\"scope\":\"api\"}";

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final TestCertificates certificates = TestCertificates.ours();

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.2 127.0.0.1",
    "127.0.0.1, 127.0.0.1 127.0.0.2",
    "127.0.0.1, 127.0.0.4 127.0.0.3 127.0.0.2 127.0.0.1",
    "::1, 127.0.0.1 ::1",
    "::1, ::1 127.0.0.1",
    "127.0.0.1, ::1 127.0.0.1",
    // No machine has a way to a group of hosts over TCP.
    "127.0.0.1, 224.0.0.1 127.0.0.1",
  })
  void findsTheOneThatAnswersInOneExchange(String alive, String addresses) throws Exception {
    try (RawServer server = server(alive);
        OperatorProcess operator = start(server, addresses)) {
      order("first");
      awaitReady("first");

      assertThat(server.conversations()).hasSize(1);
      assertThat(operator.get("/metrics"))
          .contains("iris_token_requests_total{grant_type=\"password\",outcome=\"granted\"} 1")
          .doesNotContain("endpoint_unavailable");
    }
  }

  @Test
  void leavesAnAddressThatSwallowsEverythingAfterFiveSecondsAndRemembersIt() throws Exception {
    try (RawServer server = server("127.0.0.1")) {
      List<Socket> waiting = new ArrayList<>();
      InetAddress swallowing = InetAddress.ofLiteral("127.0.0.2");
      try (ServerSocket full = new ServerSocket(server.url().getPort(), 1, swallowing);
          OperatorProcess operator = start(server, "127.0.0.2 127.0.0.1")) {
        for (int room = 0; room < 2; room++) {
          waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
        }
        order("first");
        awaitReady("first");
        double first = seconds(operator);
        assertThat(first).isGreaterThan(5.0);

        order("second");
        awaitReady("second");

        assertThat(seconds(operator) - first).as("the second went there at once").isLessThan(4.5);
        assertThat(server.conversations()).hasSize(2);
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  @Test
  void saysSoWhenNoneAnswers() throws Exception {
    try (RawServer server = server("127.0.0.1");
        OperatorProcess operator = start(server, "127.0.0.2 127.0.0.3")) {
      order("first");
      await()
          .atMost(START)
          .until(
              () -> get("first", "{.status.conditions[?(@.type==\"Renewed\")].message}"),
              message ->
                  message.startsWith(
                      "The authorization server is not available (connection refused)."));
      assertThat(server.conversations()).isEmpty();
      assertThat(operator.isReady()).isTrue();
    }
  }

  private RawServer server(String address) throws Exception {
    return RawServer.tls(
        certificates.of(TestCertificates.Holder.ELSEWHERE),
        InetAddress.ofLiteral(address),
        AddressesIT::grant);
  }

  private static void grant(Conversation client) throws IOException {
    client.hear();
    client.say(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(BODY.length(), BODY));
  }

  private OperatorProcess start(RawServer server, String addresses) throws Exception {
    Path authority = Files.createTempFile(Path.of("target"), "authority", ".pem");
    Files.writeString(authority, certificates.authorityPem());
    OperatorProcess operator =
        OperatorProcess.startKnowing(
            HOST,
            List.of(addresses.split(" ")),
            Map.of(
                "KUBECONFIG",
                plane.operatorKubeconfig().toString(),
                "IRIS_NAMESPACES",
                namespace,
                "IRIS_CA_BUNDLE",
                authority.toString(),
                "IRIS_TOKEN_URL",
                "https://" + HOST + ":" + server.url().getPort() + "/token"));
    await().atMost(START).until(operator::isReady);
    return operator;
  }

  private void order(String name) {
    plane.kubectlWithInput(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: user, password: password, client_id: id, client_secret: secret}
        ---
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: NAME}
        spec: {credentialsSecretRef: {name: login}}
        """
            .replace("NAME", name),
        "apply",
        "-n",
        namespace,
        "-f",
        "-");
  }

  private void awaitReady(String name) {
    await()
        .atMost(START)
        .until(
            () -> get(name, "{.status.conditions[?(@.type==\"Ready\")].status}"), "True"::equals);
  }

  private String get(String name, String path) {
    return plane
        .kubectl("get", "iriscred/" + name, "-n" + namespace, "-o=jsonpath=" + path)
        .stdout();
  }

  /** How long all exchanges took together. */
  private static double seconds(OperatorProcess operator) {
    return operator
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("iris_token_request_duration_seconds_sum"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
