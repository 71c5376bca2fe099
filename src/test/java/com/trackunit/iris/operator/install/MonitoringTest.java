package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.trackunit.iris.operator.status.Reason;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Generated;
import com.trackunit.iris.operator.support.Monitoring;
import com.trackunit.iris.operator.support.Monitoring.Alert;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts say what to do, and every place that lists them lists the same. */
class MonitoringTest {
  private static final String HEAD =
      """
      # Written from rules.yaml by ./mvnw -Pgenerate
      apiVersion: monitoring.coreos.com/v1
      kind: PrometheusRule
      metadata:
        name: iris-credential-operator
        namespace: iris-system
        labels:
          app.kubernetes.io/name: iris-credential-operator
          app.kubernetes.io/part-of: iris
      spec:
      """;

  @Test
  void everyAlertSaysWhatAndWhatToDo() {
    assertThat(Monitoring.alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              assertThat(alert.labels().get("severity")).isIn("warning", "critical");
              assertThat(alert.notes()).containsOnlyKeys("summary", "description", "runbook_url");
              assertThat(alert.notes().get("summary")).endsWith(".").hasSizeLessThan(120);
              assertThat(alert.notes().get("runbook_url"))
                  .isEqualTo(
                      "https://github.com/trackunit/iris-credential-operator/blob/main/docs/runbook.md#"
                          + alert.name().toLowerCase(Locale.ROOT));
            });
  }

  @Test
  void everyAlertHasItsHeadingInTheRunbookAndTheOtherWayRound() {
    assertThat(Docs.page("docs/runbook.md").headings())
        .filteredOn(heading -> heading.startsWith("## "))
        .map(heading -> heading.substring(3))
        .containsExactlyElementsOf(Monitoring.alerts().stream().map(Alert::name).toList());
  }

  @Test
  void theRunbookSaysOfEveryAlertWhatItMeansWhatToLookAtAndWhatToDo() {
    assertThat(alerts())
        .allSatisfy(
            alert ->
                assertThat(Docs.section("## " + alert))
                    .containsSubsequence(
                        "**What it means.**", "**What to look at.**", "**What to do.**"));
  }

  @Test
  void theTableOfAlertsSaysHowBadEachIsAndWhenItFires() {
    assertThat(Docs.table("## Alerts"))
        .extracting(row -> String.join(" ", row.values()))
        .containsExactlyElementsOf(
            Monitoring.alerts().stream()
                .map(
                    alert ->
                        "[`%s`](runbook.md#%s) %s %s"
                            .formatted(
                                alert.name(),
                                alert.name().toLowerCase(Locale.ROOT),
                                alert.labels().get("severity"),
                                alert.pending().isZero()
                                    ? "at once"
                                    : "after " + alert.pending().toMinutes() + " min"))
                .toList());
  }

  @Test
  void theAlertmanagerOfThePageNamesAlertsThatThereAre() {
    String config =
        Docs.blocks(Docs.section("### Install them"))
            .map(Docs.Block::text)
            .filter(block -> block.startsWith("route:"))
            .collect(Collectors.joining());

    assertThat(Serialization.unmarshal(config, JsonNode.class).path("inhibit_rules")).hasSize(2);
    assertThat(allMatches(config, "alertname = (\\w+)")).hasSize(4).isSubsetOf(alerts());
    assertThat(Arrays.stream(Reason.values()).map(Reason::text))
        .containsAll(allMatches(config, " reason = (\\w+)"));
  }

  @Test
  void theDashboardChoosesAmongClustersAndJobsAndLeadsToTheRunbook() {
    assertThat(Monitoring.dashboardVariables())
        .containsExactly("datasource", "cluster", "job", "namespace");
    assertThat(Monitoring.dashboardExpressions())
        .allSatisfy(expression -> assertThat(expression).contains("cluster=~\".*\", job=~\".*\""));
    Set<String> headings =
        alerts().stream()
            .map(alert -> "docs/runbook.md#" + alert.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertThat(Monitoring.dashboardLinks())
        .map(link -> link.replaceFirst(".*/blob/main/", ""))
        .filteredOn(link -> link.contains("runbook.md#"))
        .isNotEmpty()
        .isSubsetOf(headings);
  }

  @Test
  void everyAlertFiresInATest() {
    assertThat(allMatches(Monitoring.read(Monitoring.RULES_TEST), "ALERTS\\{alertname=\"(\\w+)\""))
        .isEqualTo(alerts());
  }

  @Test
  void thePrometheusOperatorIsToldTheSame() throws IOException {
    String rule =
        HEAD
            + Monitoring.read(Monitoring.RULES)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.isEmpty() ? line : "  " + line)
                .collect(Collectors.joining("\n", "", "\n"));

    Generated.check(Monitoring.PROMETHEUS_RULE, rule);
  }

  @Test
  void findsTheMetricsInAnExpression() {
    assertThat(
            Monitoring.metrics(
                "sum by (le, a) (rate(b_total{c=\"d\"}[5m])) / on (e) group and max(f) > time()"))
        .isEqualTo(Set.of("b_total", "group", "f"));
  }

  private static Set<String> alerts() {
    return Monitoring.alerts().stream().map(Alert::name).collect(Collectors.toSet());
  }

  private static Set<String> allMatches(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
