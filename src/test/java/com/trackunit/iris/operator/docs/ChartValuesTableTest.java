package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.Docs;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of chart values has every value of the chart. */
class ChartValuesTableTest {
  /** Values that are handed on to Kubernetes as they are. */
  private static final Set<String> WHOLE = Set.of("resources", "nodeSelector");

  @Test
  void listsEveryValue() throws IOException {
    JsonNode values =
        Serialization.unmarshal(
            Files.readString(Chart.FOLDER.resolve("values.yaml")), JsonNode.class);
    assertThat(
            Docs.table("### Chart values").stream()
                .flatMap(row -> Docs.words(row.get("value")).stream()))
        .containsExactlyInAnyOrderElementsOf(names("", values).toList());
  }

  private static Stream<String> names(String above, JsonNode values) {
    return values.properties().stream()
        .flatMap(
            (Map.Entry<String, JsonNode> value) -> {
              String name = above + value.getKey();
              boolean nested =
                  value.getValue().isObject()
                      && !value.getValue().isEmpty()
                      && !WHOLE.contains(name)
                      && !name.endsWith("labels");
              return nested ? names(name + ".", value.getValue()) : Stream.of(name);
            });
  }
}
