package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.trackunit.iris.operator.api.IrisCredential;
import org.junit.jupiter.api.Test;

/** How what the API server says is read. */
class KubernetesClientsTest {
  @Test
  void passesOverWhatALaterVersionWrote() {
    IrisCredential read =
        KubernetesClients.serialization()
            .unmarshal(
                """
                apiVersion: iris.trackunit.com/v1
                kind: IrisCredential
                metadata: {name: fleet, newer: 1, managedFields: [{manager: someone}]}
                spec: {credentialsSecretRef: {name: login, newer: 1}, newer: {a: b}}
                status:
                  newer: []
                  failures: {count: 2, lastTime: "2026-05-04T12:00:00Z", nextAttemptTime: "2026-05-04T12:00:00Z", class: c, requestHash: h, newer: true}
                """,
                IrisCredential.class);
    assertThat(read.getSpec().credentialsSecretRef().name()).isEqualTo("login");
    assertThat(read.statusOrNone().failures().count()).isEqualTo(2);
    assertThat(read.getMetadata().getManagedFields()).isNullOrEmpty();
  }

  @Test
  void keepsOfTheMetadataWhatTheOperatorReads() {
    IrisCredential read =
        KubernetesClients.serialization()
            .unmarshal(
                """
                apiVersion: iris.trackunit.com/v1
                kind: IrisCredential
                metadata:
                  name: fleet
                  labels: {team: a}
                  annotations:
                    kubectl.kubernetes.io/last-applied-configuration: '{"a": "copy of the manifest"}'
                    iris.trackunit.com/renew-requested-at: now
                spec: {credentialsSecretRef: {name: login}}
                """,
                IrisCredential.class);
    assertThat(read.getMetadata().getAnnotations())
        .containsExactly(entry("iris.trackunit.com/renew-requested-at", "now"));
    assertThat(read.getMetadata().getLabels()).containsExactly(entry("team", "a"));
    assertThat(read.copy().getMetadata()).isEqualTo(read.getMetadata());
  }
}
