package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.Test;

/** Whatever the variable says, the client starts. */
class ApiServerProxyTest {
  @Test
  void keepsWhatTheClientKnows() {
    Config config =
        adapted(
            "a.test", " .b.test", "*.c.test", "10.0.0.0/8", "d.test:443", "[::1]", "<local>", "");

    assertThat(config.getNoProxy())
        .containsExactly("a.test", ".b.test", ".c.test", "10.0.0.0/8", "d.test:443");
    assertThat(config.getHttpsProxy()).isEqualTo("http://proxy.test:3128");
    assertStarts(config);
  }

  @Test
  void takesAStarForNoProxyAtAll() {
    Config config = adapted("a.test", "*");

    assertThat(config.getHttpsProxy()).isNull();
    assertStarts(config);
  }

  @Test
  void leavesAConfigurationWithoutExceptionsAlone() {
    Config config = new ConfigBuilder(Config.empty()).withHttpsProxy("http://a.test:1").build();
    ApiServerProxy.adapt(config);
    assertThat(config.getHttpsProxy()).isEqualTo("http://a.test:1");
  }

  private static Config adapted(String... noProxy) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://10.1.2.3")
            .withHttpsProxy("http://proxy.test:3128")
            .withNoProxy(noProxy)
            .build();
    ApiServerProxy.adapt(config);
    return config;
  }

  private static void assertStarts(Config config) {
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThat(client.getMasterUrl()).hasHost("10.1.2.3");
    }
  }
}
