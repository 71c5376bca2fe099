package com.trackunit.iris.operator.credential;

import com.trackunit.iris.operator.api.DurationFormat;
import com.trackunit.iris.operator.api.IrisCredentialSpec;
import com.trackunit.iris.operator.api.TargetSecretSpec;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds values that our schema rejects and a later one may allow. They have the right type, but
 * this version cannot interpret them.
 */
final class UnsupportedValues {
  private static final int HIGHEST_PERCENTAGE = 99;
  private static final int LONGEST_NAME = 253;
  private static final Pattern NAME = Pattern.compile(IrisCredentialSpec.NAME);
  private static final Pattern UNKNOWN_VARIABLE =
      Pattern.compile("\\{\\{(?!(?:access_token|token_type|scope|expires_at|issued_at)\\}\\})");

  private UnsupportedValues() {}

  /** The first field with such a value, for example {@code spec.renewBefore}. */
  static Optional<String> in(IrisCredentialSpec spec) {
    if (!isName(spec.credentialsSecretRef().name())) {
      return Optional.of("spec.credentialsSecretRef.name");
    }
    if (spec.targetSecret() != null
        && spec.targetSecret().name() != null
        && !isName(spec.targetSecret().name())) {
      return Optional.of("spec.targetSecret.name");
    }
    String margin = spec.renewBefore();
    if (margin != null && DurationFormat.parse(margin).isEmpty()) {
      return Optional.of("spec.renewBefore");
    }
    Integer percentage = spec.renewBeforePercentage();
    if (percentage != null && (percentage < 1 || percentage > HIGHEST_PERCENTAGE)) {
      return Optional.of("spec.renewBeforePercentage");
    }
    return Optional.ofNullable(spec.targetSecret()).flatMap(UnsupportedValues::inTemplates);
  }

  /** Whether this can name a Secret; anything else must not become part of a URL. */
  static boolean isName(String text) {
    return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
  }

  private static Optional<String> inTemplates(TargetSecretSpec target) {
    return Optional.ofNullable(target.data()).stream()
        .map(Map::entrySet)
        .flatMap(java.util.Collection::stream)
        .filter(entry -> UNKNOWN_VARIABLE.matcher(entry.getValue()).find())
        .map(entry -> "spec.targetSecret.data." + entry.getKey())
        .findFirst();
  }
}
