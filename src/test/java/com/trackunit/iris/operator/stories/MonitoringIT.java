package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.Monitoring;
import com.trackunit.iris.operator.support.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts, dashboard and metrics, as Prometheus' own tool and a real scrape see them. */
class MonitoringIT {
  // The first comes with the first surprise, the second where nudging is asked for, the third with
  // an election: ShardStoriesIT, the fourth while a right is missing.
  private static final Set<String> NOT_IN_THIS_SCRAPE =
      Set.of(
          "reconciliations_failure_total",
          "iris_pod_nudges_total",
          "iris_credentials_unserved",
          "iris_missing_right");

  private static final Promtool PROMTOOL = Promtool.get();
  private static final int CREDENTIALS = 50;

  @TempDir Path folder;

  @Test
  void alertsAreSoundAndFireWhenTheyShouldAndNotInAHealthyHour() {
    assertPasses(PROMTOOL.run("check", "rules", Monitoring.RULES.toString()));
    assertPasses(PROMTOOL.run("test", "rules", Monitoring.RULES_TEST.toString()));
  }

  @Test
  void thePrometheusOfThePageReadsTheRulesAndScrapesTheOperator() throws IOException {
    String config =
        Docs.blocks(Docs.section("### Install them"))
            .map(Docs.Block::text)
            .filter(block -> block.startsWith("rule_files:"))
            .collect(Collectors.joining())
            .replace("deploy/", Path.of("deploy").toAbsolutePath() + "/")
            // Debian's promtool knows no discovery in Kubernetes.
            .replaceFirst(
                "kubernetes_sd_configs:(\n {6}.*)+", "static_configs: [{targets: [operator]}]");
    Path file = Files.writeString(folder.resolve("prometheus.yaml"), config);

    CommandResult checked = PROMTOOL.run("check", "config", file.toString());

    assertPasses(checked);
    assertThat(checked.stdout()).contains("1 rule files found", "rules found");
  }

  @Test
  void everyExpressionOfTheDashboardIsUnderstood() throws IOException {
    String rules =
        Monitoring.dashboardExpressions().stream()
            .map(
                expression ->
                    "  - {record: \"panel\", labels: {of: \"%d\"}, expr: '%s'}\n"
                        .formatted(expression.hashCode(), expression.replace("'", "''")))
            .collect(Collectors.joining("", "groups:\n- name: dashboard\n  rules:\n", ""));
    Path file = Files.writeString(folder.resolve("dashboard.yaml"), rules);

    assertThat(Monitoring.dashboardExpressions()).hasSizeGreaterThan(20);
    assertPasses(PROMTOOL.run("check", "rules", file.toString()));
  }

  @Test
  void aScrapeHasEveryMetricThatIsSpokenOfAndPleasesTheLinter() {
    try (Story story = new Story()) {
      refusedAtItsRenewal(story);
      String scrape = scrape(story);
      CommandResult lint = PROMTOOL.runWithInput(scrape, "check", "metrics");
      assertThat(lint.stdout() + lint.stderr()).isEmpty();
      assertPasses(lint);
      assertThat(names(scrape)).containsAll(spokenOf());
      assertThat(scrape)
          .contains("iris_operator_alive 1.0")
          .contains("custom_resources{controller_name=\"iriscredential\"")
          .contains(
              "iris_credential_renewal_failing{credential_namespace=\"%1$s\",name=\"fleet\",namespace=\"%1$s\",reason=\"CredentialsRejected\"} 1.0"
                  .formatted(story.namespace()))
          .contains(
              "iris_credential_login_rejections{credential_namespace=\"%1$s\",name=\"fleet\",namespace=\"%1$s\"} 1.0"
                  .formatted(story.namespace()));
    }
  }

  @Test
  void theTableOfMetricsHasTheirTypesAndLabelsAndAllOfThem() {
    try (Story story = new Story()) {
      refusedAtItsRenewal(story);
      String scrape = scrape(story);
      assertThat(told())
          .contains("counter iris_pod_nudges_total[outcome]") // as NudgeStoriesIT sees it
          .contains("gauge iris_credentials_unserved[shard]") // as ShardStoriesIT sees it
          .contains("gauge iris_missing_right[credential_namespace, resource, verb]") // as
          // LateNamespacesIT
          // sees it
          .filteredOn(metric -> NOT_IN_THIS_SCRAPE.stream().noneMatch(metric::contains))
          .containsExactlyInAnyOrderElementsOf(scraped(scrape));
      assertThat(allMatches(scrape, "iris_endpoint_circuit_open\\{grant_type=\"(\\w+)\""))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(GrantType.values()).map(GrantType::label).toList());
    }
  }

  /** Type, name and labels of each metric in the documentation. */
  private static List<String> told() {
    return Docs.table("## Metrics").stream()
        .map(
            row -> {
              String[] metric = Docs.words(row.get("metric")).getFirst().split("[{}]");
              String counted = metric[0].endsWith("_total") ? "counter " : "gauge ";
              return (row.get("meaning").startsWith("histogram") ? "histogram " : counted)
                  + metric[0]
                  + allMatches(metric.length == 1 ? "" : metric[1], "(\\w+)");
            })
        .toList();
  }

  /** The same of the operator's own in a scrape, by the first series of each. */
  private static List<String> scraped(String scrape) {
    return Pattern.compile("(?m)^# TYPE (iris_\\w+) (\\w+)\n(.*)")
        .matcher(scrape)
        .results()
        // The longest exchange of late, which comes with the histogram.
        .filter(metric -> !metric.group(1).endsWith("_max"))
        .map(
            metric ->
                metric.group(2)
                    + " "
                    + metric.group(1)
                    + allMatches(metric.group(3).replace("le=", ""), "(\\w+)="))
        .toList();
  }

  @Test
  void aCredentialCostsFourSeries() {
    try (Story story = new Story()) {
      story.issued();
      String before = scrape(story);
      IntStream.range(0, CREDENTIALS)
          .forEach(
              i ->
                  story.createCredential("a-credential-with-a-name-%03d".formatted(i), Story.SPEC));
      await().atMost(Duration.ofMinutes(1)).until(() -> ready(scrape(story)) == CREDENTIALS + 1);
      String after = scrape(story);
      System.err.printf(
          "A scrape: %d series, and %d bytes a credential.%n",
          series(before), (after.length() - before.length()) / CREDENTIALS);
      // Those of the framework and the JVM come and go.
      assertThat(ofCredentials(after) - ofCredentials(before)).isEqualTo(4L * CREDENTIALS);
    }
  }

  private static void refusedAtItsRenewal(Story story) {
    story.issued();
    story.server().answer(question -> Answer.error(400, "invalid_grant"));
    story.pass(Duration.ofMinutes(45));
    story.awaitRenewed("False CredentialsRejected");
    await().until(() -> scrape(story).contains("iris_credential_login_rejections{"));
  }

  private static Set<String> spokenOf() {
    Set<String> names = new TreeSet<>();
    Monitoring.alerts().forEach(alert -> names.addAll(Monitoring.metrics(alert.expression())));
    Monitoring.dashboardExpressions()
        .forEach(expression -> names.addAll(Monitoring.metrics(expression)));
    names.addAll(
        allMatches(Docs.TEXT, "(?m)^\\| `(iris_[a-z_]+)").stream()
            .map(name -> name.endsWith("duration_seconds") ? name + "_count" : name)
            .toList());
    names.removeAll(NOT_IN_THIS_SCRAPE);
    return names;
  }

  private static Set<String> names(String scrape) {
    return allMatches(scrape, "(?m)^([a-z_][a-z0-9_]*)");
  }

  private static long series(String scrape) {
    return scrape.lines().filter(line -> !line.startsWith("#")).count();
  }

  private static long ofCredentials(String scrape) {
    return scrape.lines().filter(line -> line.startsWith("iris_credential_")).count();
  }

  private static long ready(String scrape) {
    return scrape.lines().filter(line -> line.matches("iris_credential_ready\\{.*} 1\\.0")).count();
  }

  private static String scrape(Story story) {
    return story.metrics().replaceFirst("^200 ", "");
  }

  private static Set<String> allMatches(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertPasses(CommandResult result) {
    assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
  }
}
