package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.config.ObservabilityConfig.LogFormat;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.support.Docs;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** The table of variables is what the operator makes of them. */
class VariablesTableTest {
  private static final Pattern RANGE = Pattern.compile("from (\\d+)(s?) to (\\d+)s?");

  private final Map<String, Map<String, String>> variables = new TreeMap<>();

  VariablesTableTest() {
    Docs.table("## Configuration")
        .forEach(row -> variables.put(Docs.words(row.get("variable")).getFirst(), row));
  }

  /** An environment without variables, which remembers what it was asked for. */
  private static final class Asked extends AbstractMap<String, String> {
    private final Set<String> names = new TreeSet<>();

    @Override
    public String getOrDefault(Object name, String otherwise) {
      names.add((String) name);
      return otherwise;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      return Set.of();
    }
  }

  @Test
  void listsEveryVariable() {
    Asked environment = new Asked();
    OperatorConfig.read(environment);
    assertThat(environment.names)
        .filteredOn(name -> name.startsWith("IRIS_"))
        .containsExactlyInAnyOrderElementsOf(variables.keySet());
    assertThat(Docs.words(Docs.section("## Configuration") + Docs.section("### Proxy")))
        .containsAll(environment.names.stream().filter(name -> name.matches("[A-Z_]+")).toList());
  }

  @Test
  void tellsTheDefaultOfEveryVariable() {
    variables.forEach(
        (name, row) -> {
          String told = row.get("default");
          if (told.startsWith("empty")) {
            assertThat(Set.of("", "[]", "Optional.empty")).as(name).contains(byDefault(name));
          } else {
            assertThat(OperatorConfig.read(Map.of(name, Docs.words(told).getFirst())))
                .as(name)
                .isEqualTo(OperatorConfig.read(Map.of()));
          }
        });
  }

  @Test
  void tellsWhatTheManifestsSetOtherwise() throws IOException {
    Map<String, String> told = new TreeMap<>();
    variables.forEach(
        (name, row) -> {
          if (row.get("default").endsWith(" in the manifests)")) {
            told.put(name, Docs.words(row.get("default")).getLast());
          }
        });
    assertThat(told).isNotEmpty().isEqualTo(set());
  }

  @Test
  void tellsTheRangeOfEveryNumberThatHasOne() {
    Map<String, MatchResult> ranges = new TreeMap<>();
    variables.forEach(
        (name, row) ->
            RANGE.matcher(row.get("meaning")).results().forEach(range -> ranges.put(name, range)));
    assertThat(ranges)
        .hasSize(2)
        .allSatisfy(
            (name, range) -> {
              int least = Integer.parseInt(range.group(1));
              int most = Integer.parseInt(range.group(3));
              assertThat(Stream.of(least - 1, least, most, most + 1))
                  .extracting(value -> isTaken(name, value + range.group(2)))
                  .containsExactly(false, true, true, false);
            });
  }

  @Test
  void tellsEveryWordThatALogVariableTakes() {
    assertThat(Set.copyOf(Docs.words(variables.get("IRIS_LOG_FORMAT").get("meaning"))))
        .isEqualTo(lowerCase(LogFormat.values()));
    assertThat(Set.copyOf(Docs.words(variables.get("IRIS_LOG_LEVEL").get("meaning"))))
        .isEqualTo(lowerCase(Level.values()));
  }

  private static boolean isTaken(String name, String value) {
    return OperatorConfig.read(Map.of(name, value)) instanceof OperatorConfig.Reading.Good;
  }

  /** What the record holds under the variable's name when nothing is set. */
  private static String byDefault(String name) {
    OperatorConfig configuration =
        ((OperatorConfig.Reading.Good) OperatorConfig.read(Map.of())).configuration();
    return Stream.of(
            configuration,
            configuration.endpoints(),
            configuration.replica(),
            configuration.observability())
        .flatMap(part -> named(part, name.substring(4).replace("_", "")))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> named(Record part, String name) {
    return Arrays.stream(part.getClass().getRecordComponents())
        .filter(component -> component.getName().equalsIgnoreCase(name))
        .map(component -> value(part, component));
  }

  private static String value(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part).toString();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The variables that the shipped Deployment sets. */
  private static Map<String, String> set() throws IOException {
    Map<String, String> set = new TreeMap<>();
    try (InputStream yaml = Files.newInputStream(Path.of("deploy/base/deployment.yaml"))) {
      Serialization.unmarshal(yaml, Deployment.class)
          .getSpec()
          .getTemplate()
          .getSpec()
          .getContainers()
          .getFirst()
          .getEnv()
          .stream()
          .filter(variable -> variable.getName().startsWith("IRIS_"))
          .forEach(variable -> set.put(variable.getName(), variable.getValue()));
    }
    return set;
  }

  private static Set<String> lowerCase(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }
}
