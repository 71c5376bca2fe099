package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.api.DurationFormat;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code deploy/monitoring} says: alerts, their tests, and a dashboard. */
public final class Monitoring {
  public static final Path RULES = Path.of("deploy/monitoring/rules.yaml");
  public static final Path RULES_TEST = Path.of("deploy/monitoring/rules_test.yaml");
  public static final Path PROMETHEUS_RULE = Path.of("deploy/monitoring/prometheusrule.yaml");
  public static final Path DASHBOARD = Path.of("deploy/monitoring/dashboard.json");

  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|on|without|ignoring) *\\([^)]*\\)|[a-z_]+ *\\(");
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "bool");

  private Monitoring() {}

  /**
   * One alert as it stands in the rules.
   *
   * @param pending how long its expression has to hold first
   */
  public record Alert(
      String name,
      String expression,
      Duration pending,
      Map<String, String> labels,
      Map<String, String> notes) {}

  public static List<Alert> alerts() {
    return maps(yaml(RULES).get("groups"))
        .flatMap(group -> maps(group.get("rules")))
        .filter(rule -> rule.containsKey("alert"))
        .map(
            rule ->
                new Alert(
                    String.valueOf(rule.get("alert")),
                    String.valueOf(rule.get("expr")),
                    DurationFormat.parse((String) rule.getOrDefault("for", "0s")).orElseThrow(),
                    strings(rule.get("labels")),
                    strings(rule.get("annotations"))))
        .toList();
  }

  /** The links of the dashboard and of its panels. */
  public static List<String> dashboardLinks() {
    Map<String, Object> dashboard = yaml(DASHBOARD);
    return Stream.concat(Stream.of(dashboard), maps(dashboard.get("panels")))
        .filter(linked -> linked.containsKey("links"))
        .flatMap(linked -> maps(linked.get("links")))
        .map(link -> String.valueOf(link.get("url")))
        .toList();
  }

  /** The names that the variables of the dashboard have. */
  public static List<String> dashboardVariables() {
    return maps(yaml(DASHBOARD).get("templating") instanceof Map<?, ?> all
            ? all.get("list")
            : List.of())
        .map(variable -> String.valueOf(variable.get("name")))
        .toList();
  }

  /** The expressions of the dashboard, with what Grafana would put in for its variables. */
  public static List<String> dashboardExpressions() {
    return maps(yaml(DASHBOARD).get("panels"))
        .filter(panel -> panel.containsKey("targets"))
        .flatMap(panel -> maps(panel.get("targets")))
        .map(target -> String.valueOf(target.get("expr")))
        .map(
            expr ->
                expr.replace("$__rate_interval", "5m")
                    .replaceAll("\\$(cluster|job|namespace)\\b", ".*"))
        .toList();
  }

  /** The names of the metrics in an expression. */
  public static Set<String> metrics(String expression) {
    String names = expression;
    for (String before = ""; !before.equals(names); ) {
      before = names;
      names = NO_METRIC.matcher(names).replaceAll(" ");
    }
    return NAME.matcher(names)
        .results()
        .map(match -> match.group())
        .filter(name -> !OPERATORS.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> yaml(Path file) {
    return Serialization.unmarshal(read(file), Map.class);
  }

  @SuppressWarnings("unchecked")
  private static Stream<Map<String, Object>> maps(Object list) {
    return ((List<Map<String, Object>>) list).stream();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> strings(Object map) {
    return (Map<String, String>) map;
  }
}
