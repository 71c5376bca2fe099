package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CRD in {@code crds/} is what the records say; {@code -Dcrds.update} writes it anew. */
class GeneratedCrdTest {
  private static final Path COMMITTED =
      Path.of("crds", "iriscredentials.iris.trackunit.com-v1.yml");
  private static final List<String> COLUMNS =
      List.of("READY", "REASON", "EXPIRES", "RENEWS", "SECRET", "AGE");

  @TempDir Path generated;

  @Test
  void isCommittedAsGenerated() throws IOException {
    String expected = generate();
    if (System.getProperty("crds.update") != null) {
      Files.writeString(COMMITTED, expected);
    }
    assertThat(COMMITTED)
        .as("run ./mvnw test -Dtest=GeneratedCrdTest -Dcrds.update and commit the result")
        .hasContent(expected);
  }

  private String generate() {
    new CRDGenerator()
        .customResourceClasses(IrisCredential.class)
        .inOutputDir(generated.toFile())
        .generate();
    CustomResourceDefinition crd =
        Serialization.unmarshal(
            read(generated.resolve(COMMITTED.getFileName())), CustomResourceDefinition.class);
    crd.getSpec().getVersions().forEach(GeneratedCrdTest::complete);
    return "# Generated from the records of package api: do not edit.\n"
        + Serialization.asYaml(crd);
  }

  /**
   * What the annotations cannot say: the order of the columns and what identifies an element of a
   * list.
   */
  private static void complete(CustomResourceDefinitionVersion version) {
    version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(GeneratedCrdTest::position));
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription(
        "A standing order: keep one fresh IRIS token in a Secret of this namespace.");
    JSONSchemaProps conditions =
        root.getProperties().get("status").getProperties().get("conditions");
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    root.getProperties().get("spec").getProperties().get("scopes").setXKubernetesListType("set");
  }

  private static int position(CustomResourceColumnDefinition column) {
    return COLUMNS.indexOf(column.getName());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
