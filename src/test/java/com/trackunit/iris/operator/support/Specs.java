package com.trackunit.iris.operator.support;

import static java.util.stream.Collectors.joining;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Credentials as a user writes them, read as the operator reads them. A field of the spec is told
 * in YAML, as in {@code renewBefore: 20m}; without any, each has its default.
 */
public final class Specs {
  private Specs() {}

  /** The spec of {@code team-a/fleet} with these fields. */
  public static EffectiveSpec fleet(String... fields) {
    return EffectiveSpec.of(credential("team-a", "fleet", "uid-1", fields));
  }

  /** With templates for the target Secret. */
  public static EffectiveSpec templated(Map<String, String> templates) {
    return fleet("targetSecret: {data: %s}".formatted(Serialization.asJson(templates)));
  }

  /** One that is deleted and held by a finalizer. */
  public static EffectiveSpec deleted() {
    IrisCredential credential = credential("team-a", "fleet", "uid-1");
    credential.getMetadata().setDeletionTimestamp("2026-05-04T12:00:00Z");
    return EffectiveSpec.of(credential);
  }

  /** A login and a credential that uses it, as a user applies them; each field after a comma. */
  public static String withLogin(String name, String... fields) {
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: user, password: password, client_id: id, client_secret: secret}
        ---
        """
        + usingTheLogin(name, fields);
  }

  /** Another credential that uses that login. */
  public static String usingTheLogin(String name, String... fields) {
    return """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: {credentialsSecretRef: {name: login}%s}
        ---
        """
        .formatted(name, Stream.of(fields).map(field -> ", " + field).collect(joining()));
  }

  /**
   * The credential of this name, whose login is the Secret {@code login} unless a field says so.
   */
  public static IrisCredential credential(
      String namespace, String name, String uid, String... fields) {
    String spec = String.join("\n  ", fields);
    String login =
        spec.contains("credentialsSecretRef:") ? "" : "credentialsSecretRef: {name: login}";
    return Serialization.unmarshal(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {namespace: %s, name: %s, uid: %s, generation: 1}
        spec:
          %s
          %s
        """
            .formatted(namespace, name, uid, login, spec),
        IrisCredential.class);
  }
}
