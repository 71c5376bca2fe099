package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.trackunit.iris.operator.support.Docs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an editor says of a manifest, by the schema that each release has. */
class EditorSchemaTest {
  private static final String HEAD =
      """
      apiVersion: iris.trackunit.com/v1
      kind: IrisCredential
      metadata: {name: fleet, labels: {team: a}}
      """;

  static Stream<Arguments> manifests() {
    return Stream.of(
        argumentSet("the shortest", "spec: {credentialsSecretRef: {name: login}}", ""),
        argumentSet(
            "a field that is mistyped",
            "spec: {credentialsSecretRef: {name: login}, renewbefore: 20m}",
            "renewbefore"),
        argumentSet(
            "a grant that there is not",
            "spec: {credentialsSecretRef: {name: login}, grantType: Basic}",
            "grantType"),
        argumentSet(
            "a duration that is none",
            "spec: {credentialsSecretRef: {name: login}, renewBefore: soon}",
            "renewBefore"),
        argumentSet("no login", "spec: {grantType: Password}", "credentialsSecretRef"));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void says(String spec, String mistake) throws IOException {
    assertThat(mistakes(HEAD + spec))
        .hasSize(mistake.isEmpty() ? 0 : 1)
        .allMatch(each -> each.contains(mistake));
  }

  @Test
  void hasNothingToSayOfThePages() {
    assertThat(Docs.blocks(Docs.TEXT).map(Docs.Block::text))
        .filteredOn(text -> text.contains("kind: IrisCredential\n"))
        .flatMap(text -> List.of(text.split("(?m)^---$")))
        .filteredOn(
            text -> text.contains("kind: IrisCredential\n") && text.contains("apiVersion: "))
        .hasSizeGreaterThan(5)
        .allSatisfy(text -> assertThat(mistakes(text)).isEmpty());
  }

  @Test
  void samplesNameTheSchemaOfTheNewestRelease() throws IOException {
    String line =
        "# yaml-language-server: $schema=https://github.com/trackunit/iris-credential-operator/releases/latest/download/"
            + EditorSchema.COMMITTED.getFileName();
    assertThat(Docs.page("README.md").text())
        .contains(line + "\napiVersion: iris.trackunit.com/v1\n");
    assertThat(Files.readString(java.nio.file.Path.of(".github/workflows/release.yml")))
        .contains(EditorSchema.COMMITTED.toString());
  }

  private static List<String> mistakes(String manifest) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(EditorSchema.COMMITTED), InputFormat.JSON);
    return schema.validate(manifest, InputFormat.YAML).stream().map(Object::toString).toList();
  }
}
