package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.Generated;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The manifests in the chart are those of {@code crds} and {@code deploy}, and its values are those
 * of its schema.
 */
class ChartFilesTest {
  /** Helm reads nothing outside the chart's folder, so it has copies. */
  private static final Map<String, String> COPIES =
      Map.ofEntries(
          Map.entry("defaults.yaml", "deploy/helm/iris-credential-operator/values.yaml"),
          Map.entry("crd.yaml", "crds/iriscredentials.iris.trackunit.com-v1.yml"),
          Map.entry("credential-metadata.yaml", "deploy/base/credential-metadata.yaml"),
          Map.entry("definition-stays.yaml", "deploy/base/definition-stays.yaml"),
          Map.entry("clusterrole.yaml", "deploy/base/clusterrole.yaml"),
          Map.entry("leases.yaml", "deploy/base/leases.yaml"),
          Map.entry("aggregated-clusterroles.yaml", "deploy/base/aggregated-clusterroles.yaml"),
          Map.entry("nudge.yaml", "deploy/components/nudge/clusterrole.yaml"),
          Map.entry("servicemonitor.yaml", "deploy/components/monitoring/servicemonitor.yaml"),
          Map.entry("rules.yaml", "deploy/monitoring/rules.yaml"),
          Map.entry("dashboard.json", "deploy/monitoring/dashboard.json"));

  /** Values that are types of Kubernetes, and not taken apart here. */
  private static final Set<String> KUBERNETES = Set.of("/resources", "/affinity");

  @Test
  void areCopiesOfTheManifests() throws IOException {
    Path files = Chart.FOLDER.resolve("files");
    for (var copy : COPIES.entrySet()) {
      Generated.check(files.resolve(copy.getKey()), Files.readString(Path.of(copy.getValue())));
    }
    try (Stream<Path> all = Files.list(files)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(COPIES.keySet());
    }
  }

  @Test
  void haveTheVersionOfTheOperator() throws IOException {
    JsonNode chart = yaml("Chart.yaml");
    String pom = Files.readString(Path.of("pom.xml"));

    assertThat(pom)
        .contains(
            "<artifactId>iris-credential-operator</artifactId>\n  <version>%s</version>"
                .formatted(chart.path("version").asText()));
    assertThat(chart.path("appVersion")).isEqualTo(chart.path("version"));
  }

  @Test
  void explainEveryValueThatTheSchemaKnowsAndNoOther() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    Set<String> known = new TreeSet<>();
    collectKnown("", schema, known);
    Set<String> explained = new TreeSet<>();
    collectValues("", yaml("values.yaml"), known, explained);

    assertThat(explained).isEqualTo(known);
  }

  @Test
  void haveTheWordsOfTheSchemaInTheirComments() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
    String values = Files.readString(Chart.FOLDER.resolve("values.yaml"));
    Set<String> known = new TreeSet<>();
    collectKnown("", schema, known);

    assertThat(known)
        .filteredOn(path -> !path.startsWith("/resources/") && !path.startsWith("/affinity/"))
        .allSatisfy(
            path -> {
              String description =
                  schema.at(path.replace("/", "/properties/") + "/description").asText();
              String name = path.substring(path.lastIndexOf('/') + 1);
              assertThat(values).contains("# -- %s\n".formatted(description));
              assertThat(values).containsPattern(Pattern.quote(description) + "\n *" + name + ":");
            });
  }

  private static void collectKnown(String path, JsonNode schema, Set<String> known) {
    boolean closed = schema.path("additionalProperties").isBoolean();
    if (!closed || KUBERNETES.contains(path)) {
      known.add(path);
      return;
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> collectKnown(path + "/" + property.getKey(), property.getValue(), known));
    known.remove("/global");
  }

  private static void collectValues(
      String path, JsonNode value, Set<String> known, Set<String> explained) {
    boolean free = known.stream().noneMatch(other -> other.startsWith(path + "/"));
    if (!value.isObject() || free) {
      explained.add(path);
      return;
    }
    value
        .properties()
        .forEach(
            field ->
                collectValues(path + "/" + field.getKey(), field.getValue(), known, explained));
  }

  private static JsonNode yaml(String file) throws IOException {
    return Serialization.unmarshal(Files.readString(Chart.FOLDER.resolve(file)), JsonNode.class);
  }
}
