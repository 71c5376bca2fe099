package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of fields is what the resource definition, and the operator, make of them. */
class FieldsTableTest {
  private static final Path DEFINITION = Path.of("crds/iriscredentials.iris.trackunit.com-v1.yml");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Duration GUARD = Duration.ofSeconds(240);

  private final List<Map<String, String>> table = Docs.table("## The fields of a credential");
  private final JSONSchemaProps schema = schema();
  private final EffectiveSpec spec = Specs.fleet();

  @Test
  void listsEveryField() {
    assertThat(table.stream().flatMap(row -> Docs.words(row.get("field")).stream()))
        .containsExactlyInAnyOrderElementsOf(fields("spec", schema).toList());
  }

  @Test
  void tellsWhichKeysTheLoginIsReadFromByDefault() {
    assertThat(Docs.words(meaning("spec.credentialsSecretRef.keys")))
        .containsExactlyInAnyOrderElementsOf(
            field("spec.credentialsSecretRef.keys").getProperties().entrySet().stream()
                .map(key -> told(key.getKey(), key.getValue().getDefault().asText()))
                .toList());
  }

  private static String told(String field, String key) {
    return field.equals(key) ? key : field + ": " + key;
  }

  @Test
  void tellsTheGrantTypesAndWhichIsTheDefault() {
    String meaning = meaning("spec.grantType");
    assertThat(Set.copyOf(Docs.words(meaning)))
        .isEqualTo(
            field("spec.grantType").getEnum().stream()
                .map(value -> value.asText())
                .collect(Collectors.toSet()))
        .isEqualTo(
            Arrays.stream(GrantType.values()).map(GrantType::text).collect(Collectors.toSet()));
    assertThat(meaning)
        .contains("`" + field("spec.grantType").getDefault().asText() + "` (default)")
        .contains("`" + spec.grantType().text() + "` (default)");
  }

  @Test
  void tellsTheDefaultsThatTheOperatorFillsIn() {
    assertThat(meaning("spec.scopes")).contains("default `" + spec.requestedScope() + "`");
    assertThat(spec.targetSecret())
        .isEqualTo("fleet" + Docs.words(meaning("spec.targetSecret.name")).getFirst());
    assertThat(spec.suspended()).isFalse();
  }

  @Test
  void tellsWhatTheApiServerDemands() {
    assertThat(rules(schema))
        .anyMatch(rule -> rule.contains("scopes are required unless grantType is Password"))
        .anyMatch(
            rule -> rule.contains("renewBefore and renewBeforePercentage exclude each other"));
    assertThat(meaning("spec.scopes"))
        .contains("required for `ClientCredentials` and `AppToken`")
        .contains(field("spec.scopes").getMaxItems() + " at most");
    assertThat(meaning("spec.renewBeforePercentage")).startsWith("or: ");
  }

  @Test
  void tellsAMarginAsItMayBeWrittenAndWhatIsKeptOfIt() {
    String meaning = meaning("spec.renewBefore");
    assertThat(Docs.words(meaning))
        .hasSize(2)
        .allMatch(example -> example.matches(field("spec.renewBefore").getPattern()));
    assertThat(meaning)
        .contains("at least %d s before expiry".formatted(GUARD.toSeconds()))
        .contains("Tokens of %d s or more".formatted(GUARD.toSeconds() * 2));
    assertThat(leftAtRenewal(GUARD.multipliedBy(2))).isEqualTo(GUARD);
    assertThat(leftAtRenewal(GUARD.multipliedBy(2).minusSeconds(1))).isLessThan(GUARD);
  }

  private static Duration leftAtRenewal(Duration life) {
    Lifetime lifetime = Lifetime.of(NOW, life);
    RenewBefore shortest = new RenewBefore.Margin(Duration.ofSeconds(1));
    return Duration.between(RenewalSchedule.of(lifetime, shortest, 0).at(), lifetime.expiresAt());
  }

  @Test
  void tellsTheBoundsOfYourOwnKeys() {
    JSONSchemaProps data = field("spec.targetSecret.data");
    assertThat(Docs.section("## Choose your own keys").replaceAll("\\s+", " "))
        .contains("more than %d keys".formatted(data.getMaxProperties()))
        .contains(
            "more than %d characters"
                .formatted(data.getAdditionalProperties().getSchema().getMaxLength()));
  }

  private String meaning(String field) {
    return table.stream()
        .filter(row -> Docs.words(row.get("field")).contains(field))
        .map(row -> row.get("meaning"))
        .findFirst()
        .orElseThrow();
  }

  /** The fields that hold something; {@code keys} is told of as one. */
  private static Stream<String> fields(String path, JSONSchemaProps schema) {
    Map<String, JSONSchemaProps> below = schema.getProperties();
    return below == null || below.isEmpty() || path.endsWith(".keys")
        ? Stream.of(path)
        : below.entrySet().stream()
            .flatMap(field -> fields(path + "." + field.getKey(), field.getValue()));
  }

  private JSONSchemaProps field(String path) {
    JSONSchemaProps found = schema;
    for (String name : path.substring("spec.".length()).split("\\.")) {
      found = found.getProperties().get(name);
    }
    return found;
  }

  private static List<String> rules(JSONSchemaProps schema) {
    return schema.getXKubernetesValidations().stream().map(rule -> rule.getMessage()).toList();
  }

  private static JSONSchemaProps schema() {
    try (InputStream yaml = Files.newInputStream(DEFINITION)) {
      return Serialization.unmarshal(yaml, CustomResourceDefinition.class)
          .getSpec()
          .getVersions()
          .getFirst()
          .getSchema()
          .getOpenAPIV3Schema()
          .getProperties()
          .get("spec");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
