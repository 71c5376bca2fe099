package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.InProcessApiServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the operator does while the watch does not show what it wrote itself. */
class SilentWatchTest {

  private final InProcessApiServer cluster = InProcessApiServer.startWithSilentSecrets();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final MovableClock clock = new MovableClock();

  @AfterEach
  void close() {
    server.close();
    cluster.close();
  }

  @Test
  void countsItsOwnWriteBeforeTheWatchShowsIt() {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login, namespace: team-a, labels: {iris.trackunit.com/credentials: "true"}}
        data: {username: dQ==, password: cA==, client_id: aQ==, client_secret: cw==}
        """);
    apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet, namespace: team-a}
        spec: {credentialsSecretRef: {name: login}}
        """);
    try (RunningOperator first = startOperator()) {
      await().until(() -> observed() == 1);
      assertThat(first.get("/livez")).startsWith("200");
    }
    assertThat(token()).isEqualTo("token-1");

    try (RunningOperator second = startOperator()) {
      clock.move(Story.MINIMUM_INTERVAL);
      patch("{\"metadata\":{\"annotations\":{\"iris.trackunit.com/renew-requested-at\":\"now\"}}}");
      await().until(() -> "now".equals(status().lastHandledRenewRequest()));
      clock.move(Story.MINIMUM_INTERVAL);
      patch("{\"spec\":{\"targetSecret\":{\"labels\":{\"team\":\"a\"}}}}");
      await().until(() -> observed() == 2);

      assertThat(second.get("/livez")).startsWith("200");
    }
    assertThat(server.questions()).hasSize(2);
    assertThat(token()).isEqualTo("token-2");
    assertThat(target().getMetadata().getLabels()).containsEntry("team", "a");
  }

  private RunningOperator startOperator() {
    return RunningOperator.start(cluster.config(), Set.of("team-a"), server.url(), Map.of(), clock);
  }

  private void apply(String yaml) {
    HasMetadata object = cluster.client().getKubernetesSerialization().unmarshal(yaml);
    cluster.client().resource(object).create();
  }

  private void patch(String json) {
    fleet().patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  private Resource<IrisCredential> fleet() {
    return cluster.client().resources(IrisCredential.class).inNamespace("team-a").withName("fleet");
  }

  private IrisCredentialStatus status() {
    return fleet().require().statusOrNone();
  }

  private long observed() {
    Long generation = status().observedGeneration();
    return generation == null ? 0 : generation;
  }

  private Secret target() {
    return cluster.client().secrets().inNamespace("team-a").withName("fleet-token").require();
  }

  private String token() {
    return new String(Base64.getDecoder().decode(target().getData().get("access_token")), UTF_8);
  }
}
