package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.config.Logging;
import com.trackunit.iris.operator.config.ObservabilityConfig;
import com.trackunit.iris.operator.config.ObservabilityConfig.LogFormat;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.KubeletLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The queries of the page find what they promise in the logs of two pods, by way of kubectl and the
 * API server; they need jq.
 */
class LogQueriesIT {
  private static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/name", "iris-credential-operator");

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private KubeletLogs logs;

  @BeforeEach
  void write() throws IOException, GeneralSecurityException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    configure(LogFormat.JSON);
    Logger logger = LoggerFactory.getLogger("com.trackunit.iris.operator.Recorder");
    logger.info("The operator starts.");
    logger
        .atWarn()
        .addKeyValue("namespace", "integrations")
        .addKeyValue("credential", "fleet-sync")
        .addKeyValue("event", "RenewalFailed")
        .log("The authorization server is not available (HTTP 503).");
    logger
        .atInfo()
        .addKeyValue("namespace", "integrations")
        .addKeyValue("credential", "reports")
        .addKeyValue("event", "TokenIssued")
        .log("Secret integrations/reports-token holds a token.");
    System.setOut(standard);
    configure(LogFormat.TEXT);
    String lines = printed.toString(StandardCharsets.UTF_8);
    logs = new KubeletLogs(plane.admin(), namespace);
    logs.pod(namespace, "first", LABELS, "operator", "OpenJDK warning: not JSON\n" + lines);
    logs.pod(namespace, "shard", LABELS, "operator", lines.replace("fleet-sync", "of-a-shard"));
  }

  @AfterEach
  void close() {
    logs.close();
  }

  @Test
  void findTheLinesOfACredential() {
    assertThat(
            found(
                Docs.command(
                    "kubectl logs -n iris-system -l app.kubernetes.io/name=iris-credential-operator --tail=-1 | jq")))
        .matches("[-0-9]+T[0-9:.]+Z WARN The authorization server is not available .HTTP 503..\n");
  }

  @Test
  void findWhatNeedsALookInAllPods() {
    assertThat(
            found(
                Docs.command(
                    "kubectl logs -n iris-system -l app.kubernetes.io/name=iris-credential-operator --tail=-1 --since=1h")))
        .matches(
            "[-0-9]+T[0-9:.]+Z integrations/fleet-sync The authorization .*\n"
                + "[-0-9]+T[0-9:.]+Z integrations/of-a-shard The authorization .*\n");
  }

  @Test
  void ofLokiNameFieldsThatThereAre() {
    Set<String> fields =
        Docs.table("### Fields of a line").stream()
            .flatMap(row -> Docs.words(row.get("field")).stream())
            .collect(Collectors.toSet());

    assertThat(
            Docs.blocks(Docs.section("## Read the log"))
                .filter(block -> block.language().equals("logql"))
                .flatMap(
                    block ->
                        Pattern.compile("\\| (\\w+?)(?:_extracted)? ?(?:!?=|=~)")
                            .matcher(block.text())
                            .results())
                .map(match -> match.group(1)))
        .hasSizeGreaterThan(2)
        .allMatch(fields::contains);
  }

  @Test
  void everyFieldOfTheCodeIsInTheTable() throws IOException {
    Set<String> fields =
        Docs.table("### Fields of a line").stream()
            .flatMap(row -> Docs.words(row.get("field")).stream())
            .collect(Collectors.toSet());
    Pattern field = Pattern.compile("addKeyValue\\(\\s*\"(\\w+)\"");
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        assertThat(field.matcher(Files.readString(file)).results().map(found -> found.group(1)))
            .as(file.toString())
            .allMatch(fields::contains);
      }
    }
  }

  private static void configure(LogFormat format) {
    Logging.configure(new ObservabilityConfig(0, Optional.empty(), format, Level.INFO));
  }

  private String found(String command) {
    CommandResult result = plane.shell(command.replace("iris-system", namespace));
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
