package com.trackunit.iris.operator.startup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How what the API server says is read. */
class KubernetesClientsTest {
  @Test
  void readsTheStatusOfAWatchThatFailedAsOne() {
    String event =
        """
        {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "code": 410}}""";
    assertThat(KubernetesClients.serialization().unmarshal(event, WatchEvent.class).getObject())
        .isInstanceOfSatisfying(Status.class, told -> assertThat(told.getCode()).isEqualTo(410));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void passesOverWhatAnAuthorWroteIntoManagedFields(String what, String fields) {
    String metadata =
        "{\"name\":\"fleet\",\"managedFields\":[{\"fieldsV1\":%s}]}".formatted(fields);
    KubernetesSerialization json = KubernetesClients.serialization();

    String credential = "{%s,\"metadata\":%s}".formatted(type(IrisCredential.class), metadata);
    assertThat(json.unmarshal(credential, IrisCredential.class).getMetadata().getName())
        .isEqualTo("fleet");
    String secret = "{%s,\"metadata\":%s}".formatted(type(Secret.class), metadata);
    assertThat(json.unmarshal(bytes(secret), Secret.class).getMetadata().getName())
        .isEqualTo("fleet");
    assertThat(json.unmarshal(bytes(credential), IrisCredential.class)).isNotNull();
  }

  static Stream<Arguments> passesOverWhatAnAuthorWroteIntoManagedFields() {
    return Stream.of(
        arguments("a long name", "{\"f:%s\":{}}".formatted("x".repeat(1_000_000))),
        arguments("deep", "{\"f:a\":".repeat(9000) + "{}" + "}".repeat(9000)));
  }

  private static String type(Class<? extends HasMetadata> type) {
    return "\"apiVersion\":\"%s\",\"kind\":\"%s\""
        .formatted(HasMetadata.getApiVersion(type), HasMetadata.getKind(type));
  }

  private static InputStream bytes(String json) {
    return new ByteArrayInputStream(json.getBytes(UTF_8));
  }
}
