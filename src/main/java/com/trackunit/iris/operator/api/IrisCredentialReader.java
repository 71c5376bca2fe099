package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a credential, whatever its spec and status contain. Of the metadata it keeps only the
 * members, the label and the annotation that are named here.
 *
 * <p>One watch serves all credentials: if one of them could not be read, the watch would end for
 * all. Fields of the spec that do not fit are omitted, and the first one is named. Fields of the
 * status that do not fit are omitted.
 */
final class IrisCredentialReader extends JsonDeserializer<IrisCredential> {
  private static final PrunedReader SPEC = PrunedReader.strict();
  private static final PrunedReader STATUS = PrunedReader.lenient();
  private static final String SHARD = IrisCredential.GROUP + "/shard";
  private static final int LONGEST = 256;
  private static final Set<String> IDENTITY =
      Set.of(
          "uid",
          "name",
          "namespace",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp");
  // Placeholder that names no Secret. Such a spec counts as unsupported, so no login is ever read
  // for it.
  private static final CredentialsSecretRef NONE = new CredentialsSecretRef("", null);

  @Override
  public IrisCredential deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    ObjectNode tree = members(parser, IrisCredentialReader::part);
    IrisCredential credential = new IrisCredential();
    credential.setMetadata(metadata(tree.path("metadata"), context));
    readSpec(tree.path("spec"), credential);
    credential.setStatus(status(tree.path("status")));
    return credential;
  }

  private static ObjectMeta metadata(JsonNode tree, DeserializationContext context)
      throws IOException {
    ObjectMeta metadata = context.readTreeAsValue(tree, ObjectMeta.class);
    if (metadata == null) {
      return new ObjectMeta();
    }
    // Each of these empty maps needs 56 bytes.
    metadata.setAnnotations(nullIfEmpty(metadata.getAnnotations()));
    metadata.setLabels(nullIfEmpty(metadata.getLabels()));
    metadata.setAdditionalProperties(null);
    return metadata;
  }

  private static @Nullable JsonNode part(String name, JsonParser parser) throws IOException {
    return switch (name) {
      case "metadata" -> members(parser, IrisCredentialReader::metadataPart);
      case "spec", "status" -> parser.readValueAsTree();
      default -> null;
    };
  }

  // Whoever may create credentials may add a megabyte of owners, finalizers, labels and annotations
  // to each of them, and thousands of credentials are cached.
  private static @Nullable JsonNode metadataPart(String name, JsonParser parser)
      throws IOException {
    return switch (name) {
      case "labels" -> members(parser, only(SHARD));
      case "annotations" -> members(parser, only(IrisCredential.RENEW_REQUESTED_AT));
      default -> IDENTITY.contains(name) ? parser.readValueAsTree() : null;
    };
  }

  private static Part only(String kept) {
    return (name, parser) ->
        name.equals(kept) && parser.hasToken(JsonToken.VALUE_STRING)
            ? TextNode.valueOf(shortened(parser.getText()))
            : null;
  }

  // A long value is only compared.
  private static String shortened(String value) {
    return value.length() <= LONGEST ? value : "sha256:" + sha256(value);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads the value of one member, or returns null and leaves it unread. */
  private interface Part {
    @Nullable JsonNode read(String name, JsonParser parser) throws IOException;
  }

  // Without a tree of the whole: a credential may be a hundred times as large as what is kept.
  private static ObjectNode members(JsonParser parser, Part part) throws IOException {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    if (!parser.hasToken(JsonToken.START_OBJECT)) {
      parser.skipChildren();
      return members;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      JsonNode value = part.read(name, parser);
      if (value == null) {
        parser.skipChildren();
      } else {
        members.set(name, value);
      }
    }
    return members;
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
      IrisCredentialSpec known =
          Objects.requireNonNullElse(
              spec, new IrisCredentialSpec(NONE, null, null, null, null, null, null));
      credential.setSpec(known.withLogin(NONE));
      credential.setUnreadable(field(unreadable, "credentialsSecretRef"));
    }
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
