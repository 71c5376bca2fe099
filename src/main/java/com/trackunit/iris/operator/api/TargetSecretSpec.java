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
@ValidationRule(
    value = "!has(self.data) || self.data.all(k, " + TargetSecretSpec.DATA_KEY + ")",
    messageExpression =
        "'data: \"' + self.data.filter(k, !("
            + TargetSecretSpec.DATA_KEY
            + "))[0] + '\" cannot be a key of a Secret: use at most 253 letters, digits, \"-\", \"_\" and \".\","
            + " other than \".\" and without \"..\" at the start'")
@ValidationRule(
    value = "!has(self.data) || self.data.all(k, !" + TargetSecretSpec.WITHOUT + ".contains('{{'))",
    messageExpression =
        "self.data.filter(k, "
            + TargetSecretSpec.WITHOUT
            + ".contains('{{')).map(k, 'data: \"' + k + '\" uses ' + "
            + TargetSecretSpec.WITHOUT
            + ".find('[{][{][^{}]{0,40}[}]{0,2}')"
            + " + ', which is no variable: write {{access_token}}, {{token_type}}, {{scope}},"
            + " {{expires_at}} or {{issued_at}}, without spaces')[0]")
@ValidationRule(
    value = "!has(self.data) || self.data.exists(k, self.data[k].contains('{{access_token}}'))",
    message =
        "data: one key at least must hold {{access_token}}: a Secret without the token is of no use")
@ValidationRule(
    value =
        "!has(self.data) || self.data.map(k, size(self.data[k].split('{{access_token}}'))"
            + " + size(self.data[k].split('{{scope}}')) - 2).sum() <= 8",
    message =
        "data: {{access_token}} and {{scope}} may stand there 8 times in all: a Secret cannot be larger than 1 MiB")
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
        @Nullable Map<String, @Size(max = 4096) String> annotations,
    @JsonPropertyDescription(
            "Templates for the keys of the Secret, instead of the default keys. They know {{access_token}},"
                + " {{token_type}}, {{scope}}, {{expires_at}} and {{issued_at}}, written exactly so.")
        @Size(min = 1, max = 16)
        @Nullable Map<String, @Size(max = 4096) String> data) {

  public static final TargetSecretSpec DEFAULT = new TargetSecretSpec(null, null, null, null);

  // CEL expression for the keys that Kubernetes allows in a Secret.
  static final String DATA_KEY =
      "k.matches('^[-._a-zA-Z0-9]{1,253}$') && k != '.' && !k.startsWith('..')";

  // CEL expression: a template without its known variables. Any "{{" that is left is an unknown
  // one.
  static final String WITHOUT =
      "self.data[k].replace('{{access_token}}', ' ').replace('{{token_type}}', ' ').replace('{{scope}}', ' ')"
          + ".replace('{{expires_at}}', ' ').replace('{{issued_at}}', ' ')";

  static final String KEY =
      "'^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'";
  static final String FREE =
      "!k.startsWith('iris.trackunit.com/') && !k.startsWith('kubernetes.io/')"
          + " && !k.startsWith('k8s.io/')";
  private static final String LABEL_VALUE = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$";
}
