package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a credential, whatever its spec and status contain.
 *
 * <p>One watch serves all credentials: if one of them could not be read, the watch would end for
 * all. Fields of the spec that do not fit are omitted, and the first one is named. Fields of the
 * status that do not fit are omitted.
 */
final class IrisCredentialReader extends JsonDeserializer<IrisCredential> {
  private static final PrunedReader SPEC = PrunedReader.strict();
  private static final PrunedReader STATUS = PrunedReader.lenient();
  // Placeholder that names no Secret. Such a spec counts as unsupported, so no login is ever read
  // for it.
  private static final CredentialsSecretRef NONE = new CredentialsSecretRef("", null);

  @Override
  public IrisCredential deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode tree = parser.readValueAsTree();
    IrisCredential credential = new IrisCredential();
    ObjectMeta metadata = context.readTreeAsValue(tree.path("metadata"), ObjectMeta.class);
    credential.setMetadata(metadata == null ? new ObjectMeta() : reduced(metadata));
    readSpec(tree.path("spec"), credential);
    credential.setStatus(status(tree.path("status")));
    return credential;
  }

  // Thousands of credentials are cached. Each may carry a copy of its manifest, from kubectl apply,
  // and each empty map of its metadata needs 56 bytes.
  private static ObjectMeta reduced(ObjectMeta metadata) {
    Map<String, String> annotations = metadata.getAnnotations();
    if (annotations != null) {
      annotations.keySet().removeIf(key -> !key.startsWith(IrisCredential.GROUP + "/"));
    }
    metadata.setAnnotations(nullIfEmpty(annotations));
    metadata.setLabels(nullIfEmpty(metadata.getLabels()));
    metadata.setAdditionalProperties(null);
    metadata.setManagedFields(null);
    return metadata;
  }

  private static @Nullable Map<String, String> nullIfEmpty(@Nullable Map<String, String> map) {
    return map == null || map.isEmpty() ? null : map;
  }

  private static void readSpec(JsonNode tree, IrisCredential credential) {
    PrunedReader.Read<IrisCredentialSpec> read = SPEC.read(tree, IrisCredentialSpec.class);
    String unreadable = read.unreadable();
    IrisCredentialSpec spec = read.value();
    if (spec != null && spec.credentialsSecretRef() != null) {
      credential.setSpec(spec);
      credential.setUnreadable(unreadable == null ? null : field(unreadable, ""));
    } else {
      credential.setSpec(withoutLogin(spec));
      credential.setUnreadable(field(unreadable, "credentialsSecretRef"));
    }
  }

  private static IrisCredentialSpec withoutLogin(@Nullable IrisCredentialSpec spec) {
    return spec == null
        ? new IrisCredentialSpec(NONE, null, null, null, null, null, null)
        : new IrisCredentialSpec(
            NONE,
            spec.grantType(),
            spec.scopes(),
            spec.targetSecret(),
            spec.renewBefore(),
            spec.renewBeforePercentage(),
            spec.suspend());
  }

  private static String field(@Nullable String unreadable, String missing) {
    String path = unreadable == null ? missing : unreadable;
    return path.isEmpty() ? "spec" : "spec." + path;
  }

  private static @Nullable IrisCredentialStatus status(JsonNode tree) {
    return tree instanceof MissingNode || tree instanceof NullNode
        ? null
        : STATUS.read(tree, IrisCredentialStatus.class).value();
  }
}
