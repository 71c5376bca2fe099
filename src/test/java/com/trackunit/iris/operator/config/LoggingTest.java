package com.trackunit.iris.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.config.ObservabilityConfig.LogFormat;
import com.trackunit.iris.operator.support.Docs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** What a line of the log looks like. */
class LoggingTest {
  private static final String FRAMEWORK =
      "io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource";

  private final PrintStream standard = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Logger log = LoggerFactory.getLogger("com.trackunit.iris.operator.a.Recorder");

  @AfterEach
  void restore() {
    MDC.clear();
    System.setOut(standard);
    configure(LogFormat.TEXT, Level.INFO);
  }

  @Test
  void isFlatJsonInTheFieldsOfTheTable() throws Exception {
    JsonNode line =
        json(
            () ->
                log.atInfo()
                    .addKeyValue("namespace", "team-a")
                    .addKeyValue("credential", "fleet")
                    .addKeyValue("event", "TokenIssued")
                    .addKeyValue("code", 201)
                    .log("Secret team-a/fleet-token holds \"a\" token."));

    assertThat(fields(line))
        .containsExactly(
            "time", "level", "logger", "message", "namespace", "credential", "event", "code");
    assertThat(Instant.parse(line.get("time").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(line.get("time").asText()).hasSize("2026-05-04T12:00:00.000Z".length());
    assertThat(line.get("level").asText()).isEqualTo("INFO");
    assertThat(line.get("logger").asText()).isEqualTo("Recorder");
    assertThat(line.get("message").asText())
        .isEqualTo("Secret team-a/fleet-token holds \"a\" token.");
    assertThat(line.get("code").isInt()).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("team-a/fleet-token");
    Set<String> table =
        Docs.table("### Fields of a line").stream()
            .flatMap(row -> Docs.words(row.get("field")).stream())
            .collect(Collectors.toSet());
    assertThat(table).containsAll(fields(line)).contains("exception");
  }

  @Test
  void namesTheCredentialThatTheFrameworkIsAtAndTheException() throws Exception {
    MDC.put("resource.namespace", "team-a");
    MDC.put("resource.name", "fleet");

    JsonNode line = json(() -> log.error("It failed.", new IllegalStateException("why\n")));

    assertThat(line.get("namespace").asText()).isEqualTo("team-a");
    assertThat(line.get("credential").asText()).isEqualTo("fleet");
    assertThat(line.get("exception").asText()).contains("IllegalStateException", "why");
    assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void isOneLineOfTextWhateverIsSaid() {
    configureInto(LogFormat.TEXT, Level.INFO);

    log.atInfo().addKeyValue("namespace", "a\u001b[31m").log("said\r\n2026 ERROR forged");

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .endsWith(" INFO  Recorder: said  2026 ERROR forged namespace=\"a [31m\"");
  }

  @Test
  void leavesOutALineOfTheFrameworkThatEndsAReconciliation() {
    configureInto(LogFormat.TEXT, Level.DEBUG);

    assertThat(LoggerFactory.getLogger(FRAMEWORK).isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.javaoperatorsdk.operator").isDebugEnabled()).isTrue();
  }

  @Test
  void leavesOutTheStackTraceOfAWatchThatTheApiServerClosed() throws Exception {
    Logger connections =
        LoggerFactory.getLogger(
            Class.forName("io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl"));
    configureInto(LogFormat.TEXT, Level.INFO);
    assertThat(connections.isWarnEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.fabric8.kubernetes").isWarnEnabled()).isTrue();

    configureInto(LogFormat.TEXT, Level.DEBUG);
    assertThat(connections.isWarnEnabled()).isTrue();
  }

  private JsonNode json(Runnable logging) throws Exception {
    configureInto(LogFormat.JSON, Level.INFO);
    logging.run();
    return new ObjectMapper().readTree(printed.toByteArray());
  }

  private void configureInto(LogFormat format, Level level) {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    configure(format, level);
  }

  private static void configure(LogFormat format, Level level) {
    Logging.configure(new ObservabilityConfig(0, Optional.empty(), format, level));
  }

  private static List<String> fields(JsonNode line) {
    return line.properties().stream().map(Map.Entry::getKey).toList();
  }
}
