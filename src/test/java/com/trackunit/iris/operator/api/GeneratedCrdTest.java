package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.trackunit.iris.operator.support.Generated;
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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CRD in {@code crds/} is what the records say. */
class GeneratedCrdTest {
  private static final Path COMMITTED =
      Path.of("crds", "iriscredentials.iris.trackunit.com-v1.yml");
  private static final List<String> COLUMNS =
      List.of("READY", "REASON", "RENEWAL", "EXPIRES", "RENEWS", "SECRET", "NEXT TRY", "AGE");

  /**
   * A tool that prunes what is no longer in its source takes all credentials and tokens with it.
   */
  private static final Map<String, String> KEPT =
      Map.of(
          "argocd.argoproj.io/sync-options", "Prune=false,Delete=false",
          "helm.sh/resource-policy", "keep",
          "kustomize.toolkit.fluxcd.io/prune", "disabled");

  @TempDir Path generated;

  @Test
  void isCommittedAsGenerated() throws IOException {
    Generated.check(COMMITTED, generate());
  }

  @Test
  void theSchemaForEditorsIsCommittedAsGenerated() throws IOException {
    Generated.check(EditorSchema.COMMITTED, EditorSchema.of(generate()));
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
    crd.getMetadata().setAnnotations(new TreeMap<>(KEPT));
    return "# Generated from the records of package api: do not edit.\n"
        + Serialization.asYaml(crd);
  }

  /**
   * What the annotations cannot say: the order of the columns, what identifies an element of a
   * list, and the default of the status.
   */
  private static void complete(CustomResourceDefinitionVersion version) {
    List<CustomResourceColumnDefinition> columns = version.getAdditionalPrinterColumns();
    columns.sort(Comparator.comparingInt(GeneratedCrdTest::position));
    // The API server drops the default, and tools that compare would show a difference for ever.
    columns.stream()
        .filter(column -> Integer.valueOf(0).equals(column.getPriority()))
        .forEach(column -> column.setPriority(null));
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription("Keeps one fresh IRIS token in a Secret of this namespace.");
    JSONSchemaProps status = root.getProperties().get("status");
    // kstatus: what no operator has looked at yet is in progress, not current.
    status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
    JSONSchemaProps conditions = status.getProperties().get("conditions");
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
