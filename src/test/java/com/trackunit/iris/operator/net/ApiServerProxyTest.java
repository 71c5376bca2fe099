package com.trackunit.iris.operator.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever NO_PROXY says, the client starts, and reads it as the token endpoint's does. */
class ApiServerProxyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://10.1.2.3      | a.test, *.c.test, [::1], <local>, d.test:443 | proxy.test:3128
          https://10.1.2.3      | *                                            | ''
          https://10.1.2.3      | 10.0.0.0/8                                   | ''
          https://10.1.2.3:6443 | 10.1.2.3:6443                                | ''
          https://10.1.2.3:6443 | 10.1.2.3:443                                 | proxy.test:3128
          https://10.1.2.3:6443 | 10.1.2.3                                     | ''
          https://api.test:6443 | .test:6443                                   | ''
          https://[fd00::1]     | fd00::/8                                     | ''
          https://127.0.0.1     | a.test                                       | ''
          """)
  void leavesTheProxyOnlyWhereItIsUsed(String server, String noProxy, String proxy) {
    Config config = config(server, noProxy.split(","));

    ApiServerProxy.adapt(config);

    assertThat(ApiServerProxy.of(config).orElse("")).isEqualTo(proxy);
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThat(client.getMasterUrl().toString()).startsWith(server);
    }
  }

  @Test
  void leavesAConfigurationWithoutExceptionsAlone() {
    Config config = config("https://10.1.2.3");
    config.setNoProxy(null);
    ApiServerProxy.adapt(config);
    assertThat(ApiServerProxy.of(config)).hasValue("proxy.test:3128");
  }

  @Test
  void showsNoUserOfAProxy() {
    Config config = config("https://10.1.2.3");
    config.setHttpsProxy("http://user:hunter2@proxy.test:3128/");
    assertThat(ApiServerProxy.of(config)).hasValue("proxy.test:3128");
  }

  private static Config config(String server, String... noProxy) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(server)
        .withHttpsProxy("http://proxy.test:3128")
        .withNoProxy(noProxy)
        .build();
  }
}
