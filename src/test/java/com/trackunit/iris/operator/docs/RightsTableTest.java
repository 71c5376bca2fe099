package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rights is what the manifests grant. */
class RightsTableTest {
  @Test
  void listsEveryResourceWithItsVerbs() throws IOException {
    Map<String, List<String>> told = new TreeMap<>();
    Docs.table("## Know its rights")
        .forEach(
            row ->
                told.put(Docs.words(row.get("resource")).getFirst(), Docs.words(row.get("verbs"))));

    Map<String, List<String>> granted = new TreeMap<>();
    Stream.of(
            ofCluster("deploy/base/clusterrole.yaml"),
            ofCluster("deploy/components/nudge/clusterrole.yaml"),
            ofNamespace("deploy/base/leases.yaml"))
        .flatMap(List::stream)
        .forEach(
            rule ->
                rule.getResources().forEach(resource -> granted.put(resource, rule.getVerbs())));
    assertThat(told).isEqualTo(granted);
  }

  private static List<PolicyRule> ofCluster(String file) throws IOException {
    return Serialization.unmarshal(Files.readString(Path.of(file)), ClusterRole.class).getRules();
  }

  private static List<PolicyRule> ofNamespace(String file) throws IOException {
    String role = Files.readString(Path.of(file)).split("(?m)^---$")[0];
    return Serialization.unmarshal(role, Role.class).getRules();
  }
}
