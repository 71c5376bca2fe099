package com.trackunit.iris.operator.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a cluster gets from {@code crds/} and {@code deploy/base/}, so that an operator under test
 * has the shipped rights and no others.
 *
 * <p>All but the Deployment: the operator under test runs outside the cluster.
 */
final class ShippedManifests {
  private static final List<Path> FOLDERS =
      List.of(Path.of("crds"), Path.of("deploy/namespace"), Path.of("deploy/base"));

  private ShippedManifests() {}

  static void applyTo(KubernetesClient client) {
    List<HasMetadata> objects =
        FOLDERS.stream()
            .flatMap(ShippedManifests::files)
            .flatMap(file -> objects(client, file))
            .filter(object -> !(object instanceof Deployment))
            .sorted(Comparator.comparing(object -> !(object instanceof Namespace)))
            .toList();
    objects.forEach(object -> client.resource(object).create());
    objects.stream()
        .filter(CustomResourceDefinition.class::isInstance)
        .map(CustomResourceDefinition.class::cast)
        .forEach(definition -> awaitEstablished(client, definition));
  }

  /** What the shipped container may take, in bytes. */
  static long memoryLimit() {
    try (InputStream yaml = Files.newInputStream(Path.of("deploy/base/deployment.yaml"))) {
      return new KubernetesSerialization()
          .unmarshal(yaml, Deployment.class)
          .getSpec()
          .getTemplate()
          .getSpec()
          .getContainers()
          .getFirst()
          .getResources()
          .getLimits()
          .get("memory")
          .getNumericalAmount()
          .longValueExact();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.ya?ml"))
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<HasMetadata> objects(KubernetesClient client, Path file) {
    try (InputStream yaml = Files.newInputStream(file)) {
      return client.load(yaml).items().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitEstablished(
      KubernetesClient client, CustomResourceDefinition definition) {
    client
        .resource(definition)
        .waitUntilCondition(
            seen ->
                seen != null
                    && seen.getStatus() != null
                    && seen.getStatus().getConditions().stream()
                        .anyMatch(
                            condition ->
                                condition.getType().equals("Established")
                                    && condition.getStatus().equals("True")),
            10,
            TimeUnit.SECONDS);
  }
}
