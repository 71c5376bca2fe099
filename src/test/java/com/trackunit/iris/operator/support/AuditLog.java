package com.trackunit.iris.operator.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What the API server was asked, by whom, and what it answered: every request once, in the order of
 * the answers, a watch when it begins.
 *
 * <p>A line is there before a short answer is; a long answer may arrive a moment earlier than its
 * line, so wait for what is to come.
 */
public final class AuditLog {
  /** Of a watch the beginning, since its end may never come; of all else the end. */
  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: Metadata
          verbs: [watch]
          omitStages: [RequestReceived, ResponseComplete, Panic]
        - level: Metadata
          omitStages: [RequestReceived, ResponseStarted, Panic]
      """;

  private static final long LONGEST_LINE = 1 << 16;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  AuditLog(Path file) {
    this.file = file;
  }

  /** The position behind the last call so far, for {@link #since}. */
  public long mark() {
    long tail = Math.max(0, file.toFile().length() - LONGEST_LINE);
    return tail + completeLines(tail).length;
  }

  /** The calls behind a position of {@link #mark}, of every user. */
  public List<ApiCall> since(long mark) {
    return new String(completeLines(mark), StandardCharsets.UTF_8)
        .lines()
        .map(AuditLog::call)
        .toList();
  }

  /** The calls of one user behind a position of {@link #mark}. */
  public List<ApiCall> since(long mark, String user) {
    return since(mark).stream().filter(call -> call.user().equals(user)).toList();
  }

  /** How often the operator listed credentials since then. */
  public long listsOfCredentials(long mark) {
    return since(mark, ControlPlane.OPERATOR).stream()
        .filter(call -> call.verb().equals("list") && call.resource().equals("iriscredentials"))
        .filter(call -> call.code() == HttpURLConnection.HTTP_OK)
        .count();
  }

  private byte[] completeLines(long from) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(log.length() - from)];
      log.seek(from);
      log.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      return Arrays.copyOf(bytes, end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApiCall call(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      return new ApiCall(
          event.at("/user/username").asText(),
          event.path("verb").asText(),
          object.path("apiGroup").asText(),
          object.path("resource").asText(),
          object.path("subresource").asText(),
          object.path("namespace").asText(),
          object.path("name").asText(),
          event.at("/responseStatus/code").asInt(),
          Instant.parse(event.path("stageTimestamp").asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not an audit event: " + line, e);
    }
  }
}
