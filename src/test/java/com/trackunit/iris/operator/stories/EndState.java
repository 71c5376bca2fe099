package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Base64;

/** What a story ends with, without what is another one in each run. */
record EndState(String credential, String secret) {

  static EndState of(Story story) {
    IrisCredential credential = story.credential(Story.FLEET).get();
    Secret secret = story.secret(Story.TARGET);
    return new EndState(
        credential == null ? "" : masked(credential),
        secret == null ? "" : masked(decoded(secret)));
  }

  private static Secret decoded(Secret secret) {
    secret.setStringData(secret.getData());
    secret.getStringData().replaceAll((key, value) -> decoded(value));
    secret.setData(null);
    return secret;
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), UTF_8);
  }

  private static String masked(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    object.getMetadata().setManagedFields(null);
    object.getMetadata().setResourceVersion(null);
    return new KubernetesSerialization()
        .asYaml(object)
        // A long text is folded where the name of the namespace lets it be.
        .replaceAll("\\\\\n\\s*\\\\ ", " ")
        .replaceAll("\\b" + namespace + "\\b", "NAMESPACE")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME")
        .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/\\d+)?", "UID")
        .replaceAll("\\b[0-9a-f]{64}\\b", "HASH");
  }
}
