package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Which cipher suite a real API server selects. */
class ApiServerHttpClientFactoryIT {
  @Test
  void itSelectsChaCha20() throws Exception {
    Config kubernetes = ControlPlane.get().operatorConfig();
    HttpClient.Builder builder =
        HttpClient.newBuilder().sslContext(SSLUtils.sslContext(kubernetes));
    new ApiServerHttpClientFactory(kubernetes.getTlsVersions()).additionalConfig(builder);
    try (HttpClient client = builder.build()) {
      HttpResponse<Void> response =
          client.send(
              HttpRequest.newBuilder(URI.create(kubernetes.getMasterUrl()).resolve("/version"))
                  .build(),
              HttpResponse.BodyHandlers.discarding());

      assertThat(response.sslSession().orElseThrow().getCipherSuite())
          .isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }
  }
}
