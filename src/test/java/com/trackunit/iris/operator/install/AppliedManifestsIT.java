package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was applied is what is there: a GitOps tool that compares the two finds no difference that
 * nobody can remove.
 */
class AppliedManifestsIT {
  private final ControlPlane plane = ControlPlane.another();

  @AfterEach
  void close() {
    plane.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "deploy/overlays/namespaced", "deploy/overlays/shard"})
  void everyFieldOfEveryManifestIsInTheLiveObject(String kustomization) throws IOException {
    kubectl("create", "namespace", "integrations");
    Path file = Files.createTempFile(Path.of("target"), "manifests", ".yaml");
    Files.writeString(file, kubectl("kustomize", kustomization));
    kubectl("apply", "-k", "deploy");
    kubectl("apply", "-f", file.toString());

    JsonNode live = json(kubectl("get", "-f", file.toString(), "-o=json")).path("items");

    List<String> lost = new ArrayList<>();
    int number = 0;
    for (String document : Files.readString(file).split("(?m)^---$")) {
      JsonNode wanted = json(document);
      String name = wanted.path("kind").asText() + "/" + wanted.at("/metadata/name").asText();
      collectLost(name, wanted, live.get(number++), lost);
    }
    assertThat(live).hasSize(number).hasSizeGreaterThan(5);
    assertThat(lost).isEmpty();
  }

  @Test
  void everyFieldOfTheDefinitionIsInTheLiveObject() throws IOException {
    Path file = Path.of("crds", "iriscredentials.iris.trackunit.com-v1.yml");
    kubectl("apply", "-k", "crds");

    List<String> lost = new ArrayList<>();
    collectLost(
        "definition",
        json(Files.readString(file)),
        json(kubectl("get", "-f", file.toString(), "-o=json")),
        lost);
    assertThat(lost).isEmpty();
  }

  private static void collectLost(String path, JsonNode wanted, JsonNode live, List<String> lost) {
    if (wanted.isObject()) {
      wanted
          .properties()
          .forEach(
              field ->
                  collectLost(
                      path + "." + field.getKey(),
                      field.getValue(),
                      live.path(field.getKey()),
                      lost));
      return;
    }
    if (wanted.isArray() && wanted.size() == live.size()) {
      for (int i = 0; i < wanted.size(); i++) {
        collectLost(path + "[" + i + "]", wanted.get(i), live.get(i), lost);
      }
      return;
    }
    boolean equal =
        wanted.isNumber() && live.isNumber()
            ? wanted.asDouble() == live.asDouble()
            : wanted.equals(live);
    if (!equal) {
      lost.add(path + ": " + wanted + ", and there: " + live);
    }
  }

  private static JsonNode json(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
