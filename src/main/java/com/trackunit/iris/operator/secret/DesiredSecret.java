package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.StoredToken;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The desired content of a target Secret: the labels, annotations and keys that the operator
 * manages.
 *
 * <p>Built from the spec, the token and the data about it. Does not contain what others added to
 * the Secret.
 */
public record DesiredSecret(
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations,
    SortedMap<String, String> data) {

  /**
   * The keys of a target Secret without templates in its spec. {@code type} and {@code provider}
   * are those of the Service Binding specification.
   */
  private static final SortedMap<String, Template> DEFAULT =
      templates(
          Map.of(
              "access_token", Template.TOKEN,
              "token_type", "{{token_type}}",
              "scope", "{{scope}}",
              "expires_at", "{{expires_at}}",
              "authorization", "{{token_type}} {{access_token}}",
              "type", "iris",
              "provider", "trackunit"));

  /** Renders a token for a spec. */
  public static DesiredSecret render(EffectiveSpec spec, StoredToken token, String accessToken) {
    SortedMap<String, Template> templates = templates(spec);
    SortedMap<String, String> data = new TreeMap<>();
    templates.forEach((key, template) -> data.put(key, template.fill(token, accessToken)));
    SortedMap<String, String> digests = new TreeMap<>(data);
    digests.replaceAll((key, value) -> Fingerprint.of(value));
    TokenLocation place = TokenLocation.in(templates, token, accessToken);
    return new DesiredSecret(labels(spec), TokenAnnotations.of(spec, token, place, digests), data);
  }

  /** Identifies this content without storing it. */
  public String fingerprint() {
    // The checksum in the annotations covers the keys.
    return Fingerprint.ofParts(List.of(labels.toString(), annotations.toString()));
  }

  /** The keys of the target Secret for a spec. */
  static Set<String> keys(EffectiveSpec spec) {
    return templates(spec).keySet();
  }

  private static SortedMap<String, Template> templates(EffectiveSpec spec) {
    return spec.templates().isEmpty() ? DEFAULT : templates(spec.templates());
  }

  private static SortedMap<String, Template> templates(Map<String, String> texts) {
    SortedMap<String, Template> templates = new TreeMap<>();
    texts.forEach((key, text) -> templates.put(key, new Template(text)));
    return templates;
  }

  static SortedMap<String, String> labels(EffectiveSpec spec) {
    SortedMap<String, String> labels = new TreeMap<>(spec.labels());
    labels.put(SecretMetadata.MANAGED_BY_LABEL, SecretMetadata.MANAGED_BY);
    labels.put(SecretMetadata.NAME_LABEL, SecretMetadata.NAME);
    return labels;
  }

  /** Whether a token for the same request expires later than the one in here. */
  boolean isOlderThan(StoredToken other) {
    return other.specHash().equals(annotations.get(SecretMetadata.SPEC_HASH))
        && other
                .lifetime()
                .expiresAt()
                .toString()
                .compareTo(annotations.getOrDefault(SecretMetadata.EXPIRES_AT, ""))
            > 0;
  }

  /** The keys with base64 values, as the Kubernetes API expects them. */
  SortedMap<String, String> encodedData() {
    SortedMap<String, String> encoded = new TreeMap<>(data);
    encoded.replaceAll(
        (key, value) -> Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    return encoded;
  }

  /** A new Secret with this content, owned by the credential. */
  public Secret created(EffectiveSpec spec) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(spec.namespace())
        .withName(spec.targetSecret())
        .withLabels(labels)
        .withAnnotations(annotations)
        .addToOwnerReferences(owner(spec))
        .endMetadata()
        .withType("Opaque")
        .withData(encodedData())
        .build();
  }

  static OwnerReference owner(EffectiveSpec spec) {
    return new OwnerReferenceBuilder()
        .withApiVersion(IrisCredential.GROUP + "/" + IrisCredential.VERSION)
        .withKind(IrisCredential.KIND)
        .withName(spec.name())
        .withUid(spec.uid())
        .withController(true)
        .withBlockOwnerDeletion(false)
        .build();
  }

  /**
   * A JSON merge patch (RFC 7386) that gives an existing Secret this content, and removes managed
   * entries that are no longer wanted. Entries that others added stay. The patch contains the
   * resourceVersion of the Secret that was seen, so it fails if the Secret has changed.
   */
  Map<String, Object> mergePatch(Secret seen) {
    return mergePatch(seen, Map.of());
  }

  /** The same with more metadata. */
  Map<String, Object> mergePatch(Secret seen, Map<String, Object> more) {
    Map<String, Object> metadata = new HashMap<>(more);
    metadata.put("resourceVersion", seen.getMetadata().getResourceVersion());
    metadata.put("labels", replacing(seen, "label:", labels));
    metadata.put("annotations", replacingFacts(replacing(seen, "annotation:", annotations)));
    return Map.of("metadata", metadata, "data", replacing(seen, "key:", encodedData()));
  }

  private static Map<String, @Nullable String> replacingFacts(
      Map<String, @Nullable String> annotations) {
    TokenAnnotations.FACTS.forEach(name -> annotations.putIfAbsent(name, null));
    return annotations;
  }

  private static Map<String, @Nullable String> replacing(
      Secret seen, String kind, SortedMap<String, String> wanted) {
    Map<String, @Nullable String> patch = new HashMap<>();
    TokenAnnotations.managed(seen, kind).forEach(name -> patch.put(name, null));
    patch.putAll(wanted);
    return patch;
  }

  /** Shows the names only: the values are secret. */
  @Override
  public String toString() {
    return "DesiredSecret[keys=" + data.keySet() + "]";
  }
}
