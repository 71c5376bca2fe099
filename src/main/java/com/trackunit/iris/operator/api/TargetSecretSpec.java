package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Secret that the token is written to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.labels) || self.labels.all(k, k.matches(" + TargetSecretSpec.KEY + "))",
    message =
        "labels: a name must be 1 to 63 letters, digits, '-', '_' or '.', after an optional DNS prefix and '/'")
@ValidationRule(
    value = "!has(self.labels) || self.labels.all(k, " + TargetSecretSpec.FREE + ")",
    message = "labels: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved")
@ValidationRule(
    value =
        "!has(self.labels) || !('app.kubernetes.io/managed-by' in self.labels)"
            + " && !('app.kubernetes.io/name' in self.labels)",
    message =
        "labels: app.kubernetes.io/managed-by and app.kubernetes.io/name are set by the operator")
@ValidationRule(
    value =
        "!has(self.annotations) || self.annotations.all(k, k.matches("
            + TargetSecretSpec.KEY
            + "))",
    message =
        "annotations: a name must be 1 to 63 letters, digits, '-', '_' or '.', after an optional DNS prefix and '/'")
@ValidationRule(
    value = "!has(self.annotations) || self.annotations.all(k, " + TargetSecretSpec.FREE + ")",
    message =
        "annotations: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved")
public record TargetSecretSpec(
    @JsonPropertyDescription(
            "Name of the Secret the token is written to. Default: the name of this resource followed"
                + " by -token. Cannot be changed.")
        @Pattern(IrisCredentialSpec.NAME)
        @Size(min = 1, max = 253)
        @Nullable String name,
    @JsonPropertyDescription("Labels added to the Secret.") @Size(max = 32)
        @Nullable Map<String, @Pattern(LABEL_VALUE) @Size(max = 63) String> labels,
    @JsonPropertyDescription("Annotations added to the Secret.") @Size(max = 32)
        @Nullable Map<String, @Size(max = 4096) String> annotations) {

  static final TargetSecretSpec DEFAULT = new TargetSecretSpec(null, null, null);

  static final String KEY =
      "'^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'";
  static final String FREE =
      "!k.startsWith('iris.trackunit.com/') && !k.startsWith('kubernetes.io/')"
          + " && !k.startsWith('k8s.io/')";
  private static final String LABEL_VALUE = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";
}
