package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** What is read of a credential, and what is left out. */
class IrisCredentialReaderTest {
  @Test
  void passesOverWhatALaterVersionWrote() {
    IrisCredential read =
        read(
            """
                apiVersion: iris.trackunit.com/v1
                kind: IrisCredential
                metadata: {name: fleet, newer: 1, managedFields: [{manager: someone}]}
                spec: {credentialsSecretRef: {name: login, newer: 1}, newer: {a: b}}
                status:
                  newer: []
                  failures: {count: 2, lastTime: "2026-05-04T12:00:00Z", nextAttemptTime: "2026-05-04T12:00:00Z", class: c, reason: r, requestHash: h, newer: true}
                """);
    assertThat(read.getSpec().credentialsSecretRef().name()).isEqualTo("login");
    assertThat(read.statusOrNone().failures().count()).isEqualTo(2);
    assertThat(read.getMetadata().getManagedFields()).isNullOrEmpty();
  }

  @Test
  void keepsOfTheMetadataWhatTheOperatorReads() {
    IrisCredential read =
        read(
            """
                apiVersion: iris.trackunit.com/v1
                kind: IrisCredential
                metadata:
                  name: fleet
                  labels: {team: a, iris.trackunit.com/shard: blue}
                  finalizers: [example.com/of-somebody]
                  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: a, uid: b}]
                  annotations:
                    iris.trackunit.com/large: of somebody
                    kubectl.kubernetes.io/last-applied-configuration: '{"a": "copy of the manifest"}'
                    iris.trackunit.com/renew-requested-at: now
                spec: {credentialsSecretRef: {name: login}}
                """);
    assertThat(read.getMetadata().getAnnotations())
        .containsExactly(entry("iris.trackunit.com/renew-requested-at", "now"));
    assertThat(read.getMetadata().getLabels())
        .containsExactly(entry("iris.trackunit.com/shard", "blue"));
    assertThat(read.getMetadata().getFinalizers()).isEmpty();
    assertThat(read.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(read.copy().getMetadata()).isEqualTo(read.getMetadata());
  }

  private static IrisCredential read(String yaml) {
    return Serialization.unmarshal(yaml, IrisCredential.class);
  }
}
