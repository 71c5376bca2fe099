package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.support.TestCertificates;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.TlsVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cipher suite a connection to the API server has. */
class ApiServerHttpClientFactoryTest {
  private static final TestCertificates CERTIFICATES = TestCertificates.ours();

  @Test
  void prefersChaCha20AndKeepsAllOthersInTheirOrder() {
    assertThat(
            ApiServerHttpClientFactory.preferred(
                "TLS_AES_256_GCM_SHA384",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"))
        .containsExactly(
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256");
  }

  @ParameterizedTest(name = "{0}, with ChaCha20 at the server: {1}")
  @CsvSource({"TLSv1.3, true", "TLSv1.3, false", "TLSv1.2, true", "TLSv1.2, false"})
  void aServerSelectsChaCha20IfItHasIt(String protocol, boolean chaCha20) throws Exception {
    AtomicReference<String> selected = new AtomicReference<>("");
    HttpsServer server = server(protocol, chaCha20, selected);
    Config kubernetes =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + server.getAddress().getPort())
            .withCaCertData(CERTIFICATES.authorityPem())
            .build();
    ServerContact contact = new ServerContact(TimeSource.system());
    try (KubernetesClient client =
        KubernetesClients.connect(kubernetes, new Leadership.Alone(), contact)) {
      client.raw("/version");

      assertThat(selected.get().contains("_CHACHA20_")).as(selected.get()).isEqualTo(chaCha20);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void leavesTheVersionsToTheJvmWhenNoneIsSet() {
    HttpClient.Builder builder = HttpClient.newBuilder();
    new ApiServerHttpClientFactory(new TlsVersion[0]).additionalConfig(builder);
    try (HttpClient client = builder.build()) {
      assertThat(client.sslParameters().getProtocols()).isNull();
    }
  }

  private static HttpsServer server(
      String protocol, boolean chaCha20, AtomicReference<String> selected) throws Exception {
    SSLContext tls = CERTIFICATES.of(TestCertificates.Holder.GOOD);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters offered = tls.getDefaultSSLParameters();
            offered.setProtocols(new String[] {protocol});
            offered.setUseCipherSuitesOrder(false);
            offered.setCipherSuites(
                Stream.of(offered.getCipherSuites())
                    .filter(suite -> chaCha20 || !suite.contains("_CHACHA20_"))
                    .toArray(String[]::new));
            parameters.setSSLParameters(offered);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          selected.set(((HttpsExchange) exchange).getSSLSession().getCipherSuite());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
