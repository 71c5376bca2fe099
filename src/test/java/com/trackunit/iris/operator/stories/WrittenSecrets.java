package com.trackunit.iris.operator.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Written;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The Secrets that an operator wrote, each as it was stored by a write, in that order. */
record WrittenSecrets(List<JsonNode> secrets) {
  private static final String OURS = "iris.trackunit.com/";

  /** Those behind the first writes of any kind. */
  static WrittenSecrets since(int writes, FaultyApiServer api) {
    return new WrittenSecrets(
        api.written().stream()
            .skip(writes)
            .filter(written -> isWrite(written.call()))
            .map(Written::object)
            .toList());
  }

  static boolean isWrite(Call call) {
    return call.writes() && call.path().contains("/secrets");
  }

  /** What they held, that of a write which changed nothing only once. */
  List<String> contents() {
    return secrets.stream().map(WrittenSecrets::content).distinct().toList();
  }

  private static String content(JsonNode secret) {
    return secret.path("data")
        + annotations(secret).properties().stream()
            .filter(annotation -> annotation.getKey().startsWith(OURS))
            .toList()
            .toString();
  }

  /** The UIDs of their owners. */
  Stream<String> owners() {
    return secrets.stream().map(secret -> secret.at("/metadata/ownerReferences/0/uid").asText());
  }

  /** When their tokens end. */
  Stream<Instant> expiries() {
    return secrets.stream()
        .map(secret -> Instant.parse(annotations(secret).path(OURS + "expires-at").asText()));
  }

  private static JsonNode annotations(JsonNode secret) {
    return secret.path("metadata").path("annotations");
  }
}
