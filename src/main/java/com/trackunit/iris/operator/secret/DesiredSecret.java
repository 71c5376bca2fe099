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
 * What a target Secret should be, as far as it is ours: labels, annotations and keys.
 *
 * <p>Made from the order, the token and what is known of it; says nothing of what strangers added.
 */
public record DesiredSecret(
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations,
    SortedMap<String, String> data) {

  /**
   * The keys of a target Secret whose order has no templates. {@code type} and {@code provider} are
   * those of the Service Binding specification.
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

  /** Renders a token for an order. */
  public static DesiredSecret render(EffectiveSpec spec, StoredToken token, String accessToken) {
    SortedMap<String, Template> templates = templates(spec);
    SortedMap<String, String> data = new TreeMap<>();
    templates.forEach((key, template) -> data.put(key, template.fill(token, accessToken)));
    SortedMap<String, String> digests = new TreeMap<>(data);
    digests.replaceAll((key, value) -> Fingerprint.of(value));
    TokenLocation place = TokenLocation.in(templates, token, accessToken);
    return new DesiredSecret(labels(spec), TokenAnnotations.of(spec, token, place, digests), data);
  }

  /** Tells whether the same would be written, without keeping it. */
  public String fingerprint() {
    // The checksum among the annotations covers the keys.
    return Fingerprint.ofParts(List.of(labels.toString(), annotations.toString()));
  }

  /** The keys that an order wants. */
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

  /** Whether a token for the same request lives longer than the one in here. */
  boolean isOlderThan(StoredToken other) {
    return other.specHash().equals(annotations.get(SecretMetadata.SPEC_HASH))
        && other
                .lifetime()
                .expiresAt()
                .toString()
                .compareTo(annotations.getOrDefault(SecretMetadata.EXPIRES_AT, ""))
            > 0;
  }

  /** The keys as Kubernetes wants them: base64. */
  SortedMap<String, String> encodedData() {
    SortedMap<String, String> encoded = new TreeMap<>(data);
    encoded.replaceAll(
        (key, value) -> Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    return encoded;
  }

  /** A new Secret of this content, which the credential owns. */
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
   * A JSON merge patch (RFC 7386) that makes an existing Secret hold this content and takes away
   * what was ours and is no longer wanted; what strangers added stays. It only applies to the
   * version that was seen.
   */
  Map<String, Object> mergePatch(Secret seen) {
    return mergePatch(seen, Map.of());
  }

  /** The same with more of the metadata. */
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

  /** Shows names alone: the values are secret. */
  @Override
  public String toString() {
    return "TargetContent[keys=" + data.keySet() + "]";
  }
}
