package com.trackunit.iris.operator.secret;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a Secret that the operator reads, without what others added.
 *
 * <p>Whoever may write Secrets may add a megabyte of labels, annotations and owners to each of
 * them, and thousands of Secrets are cached.
 */
public final class ReducedMetadata {
  /** A name has at most 253 letters, and so has what is compared with one. */
  private static final int LONGEST_NAME = 253;

  /** As many names as the schema allows for keys, labels and annotations together. */
  private static final int MOST_MANAGED = 96;

  /** As long as the schema allows for an annotation, and longer than most facts. */
  private static final int LONGEST_VALUE = 4096;

  /** Longer than the longest of these two: a scope, and the names of all managed entries. */
  private static final int LONGEST_LIST = 32 * 1024;

  private static final Set<String> LISTS = Set.of(SecretMetadata.SCOPE, SecretMetadata.MANAGED);
  private static final Set<String> LABELS =
      Set.of(SecretMetadata.MANAGED_BY_LABEL, SecretMetadata.NAME_LABEL);
  private static final Set<String> ANNOTATIONS =
      Stream.concat(
              TokenAnnotations.FACTS.stream(),
              Stream.of(SecretMetadata.CHECKSUM, SecretMetadata.ORIGIN))
          .collect(Collectors.toUnmodifiableSet());

  private ReducedMetadata() {}

  /** Identity and version. */
  public static ObjectMeta identity(ObjectMeta metadata) {
    return new ObjectMetaBuilder()
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .build();
  }

  /** The same with the controller, and the labels and annotations that the operator manages. */
  static ObjectMeta managed(Secret secret) {
    ObjectMeta metadata = secret.getMetadata();
    ObjectMeta reduced = identity(metadata);
    reduced.setCreationTimestamp(metadata.getCreationTimestamp());
    reduced.setOwnerReferences(controller(metadata.getOwnerReferences()));
    reduced.setLabels(kept(metadata.getLabels(), union(LABELS, names(secret, "label:"))));
    reduced.setAnnotations(
        kept(metadata.getAnnotations(), union(ANNOTATIONS, names(secret, "annotation:"))));
    return reduced;
  }

  /** The names of one kind that the operator manages in this Secret. */
  static Set<String> names(Secret secret, String kind) {
    return TokenAnnotations.managed(secret, kind).limit(MOST_MANAGED).collect(Collectors.toSet());
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> union = new HashSet<>(some);
    union.addAll(others);
    return union;
  }

  private static Map<String, String> kept(@Nullable Map<String, String> all, Set<String> names) {
    Map<String, String> kept = new HashMap<>();
    for (String name : names) {
      String value = all == null ? null : all.get(name);
      if (value != null
          && value.length() <= (LISTS.contains(name) ? LONGEST_LIST : LONGEST_VALUE)) {
        kept.put(name, value);
      }
    }
    return kept;
  }

  private static List<OwnerReference> controller(@Nullable List<OwnerReference> owners) {
    return Stream.ofNullable(owners)
        .flatMap(Collection::stream)
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .limit(1)
        .map(ReducedMetadata::cut)
        .toList();
  }

  private static OwnerReference cut(OwnerReference owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(cut(owner.getApiVersion()))
        .withKind(cut(owner.getKind()))
        .withName(cut(owner.getName()))
        .withUid(cut(owner.getUid()))
        .withController(true)
        .build();
  }

  private static String cut(@Nullable String text) {
    String given = Objects.requireNonNullElse(text, "");
    return given.substring(0, Math.min(given.length(), LONGEST_NAME));
  }
}
