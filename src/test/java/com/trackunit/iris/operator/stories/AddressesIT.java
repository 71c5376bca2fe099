package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.HangUp;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.Specs;
import com.trackunit.iris.operator.support.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The shipped jar and a token endpoint whose name has several addresses: the rest is in {@code
 * AddressesTest}.
 */
class AddressesIT {

  /** The name in the certificate, which is verified whatever address is tried. */
  private static final String HOST = "elsewhere.test";

  private static final String BODY =
      "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"token\",\"scope\":\"api\"}";

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final TestCertificates certificates = TestCertificates.ours();

  /** A load balancer without backends accepts every connection and closes it. */
  @Test
  void goesElsewhereNextTimeWhenAnAddressHangsUp() throws Exception {
    try (RawServer server = server("127.0.0.1");
        HangUp first = new HangUp("127.0.0.2", server.url().getPort());
        HangUp second = new HangUp("127.0.0.3", server.url().getPort());
        OperatorProcess operator = start(server, "127.0.0.2 127.0.0.3 127.0.0.1")) {
      createCredential("first");
      awaitReady("first");
      createCredential("second");
      awaitReady("second");

      assertThat(List.of(first.connections(), second.connections())).containsExactly(1, 1);
      assertThat(server.conversations()).hasSize(2);
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
    operator.awaitReady();
    return operator;
  }

  private void createCredential(String name) {
    plane.apply(namespace, Specs.withLogin(name));
  }

  private void awaitReady(String name) {
    await()
        .until(
            () -> get(name, "{.status.conditions[?(@.type==\"Ready\")].status}"), "True"::equals);
  }

  private String get(String name, String path) {
    return plane
        .kubectl("get", "iriscred/" + name, "-n" + namespace, "-o=jsonpath=" + path)
        .stdout();
  }
}
