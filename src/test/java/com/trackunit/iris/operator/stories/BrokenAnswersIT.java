package com.trackunit.iris.operator.stories;

import static com.trackunit.iris.operator.support.Scripts.doing;
import static com.trackunit.iris.operator.support.Scripts.endlessly;
import static com.trackunit.iris.operator.support.Scripts.said;
import static com.trackunit.iris.operator.support.Scripts.saidThenReset;
import static com.trackunit.iris.operator.support.Scripts.saidThenStalls;
import static com.trackunit.iris.operator.support.Scripts.trickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every way an exchange can break on its socket, for a credential without a token and for one with
 * a valid token: it is told, and no Secret is made or touched.
 */
class BrokenAnswersIT {
  private static final Pattern USER = Pattern.compile("username=([a-z0-9-]+)");
  private static final String UNAVAILABLE = "False EndpointUnavailable";
  private static final String MALFORMED = "False MalformedResponse";
  private static final String GOOD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 47\r\n\r\n"
          + "{\"access_token\":\"good-token\",\"expires_in\":3600}";
  private static final String LENGTH = "47";
  private static final String HEAD = GOOD.substring(0, GOOD.indexOf('{'));
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final Map<String, Row> rows = rows();
  private final Set<String> wellBehaved = ConcurrentHashMap.newKeySet();
  private final AtomicInteger grants = new AtomicInteger();
  @RegisterExtension private final Story story = new Story();
  private RawServer server;

  /** What the server does once it has read the request, and what the operator says of it. */
  private record Row(String renewed, Script script) {}

  @BeforeEach
  void listen() throws IOException {
    server = RawServer.plain(this::talk);
    story.replaceOperator(server.url(), Map.of());
  }

  @AfterEach
  void end() {
    server.close();
  }

  // One after the other, and gone before the next: together they are an outage.
  @Test
  void asTheFirstToken() {
    rows.forEach(
        (name, row) -> {
          createCredential(name);
          awaitRenewed(name, row);

          assertThat(story.secret(name + "-token")).as(name).isNull();
          leave(name);
        });
  }

  @Test
  void asARenewalWithAValidToken() {
    rows.forEach(
        (name, row) -> {
          wellBehaved.add(name);
          createCredential(name);
          await(name).until(() -> story.condition(name, "Ready").startsWith("True"));
          Map<String, String> before = story.secret(name + "-token").getData();
          wellBehaved.remove(name);

          story.moveClock(Story.UNTIL_DUE);
          poke(name);
          awaitRenewed(name, row);

          assertThat(story.secret(name + "-token").getData().equals(before)).as(name).isTrue();
          assertThat(story.condition(name, "Ready")).as(name).isEqualTo("True TokenValid");
          leave(name);
        });
  }

  private void leave(String name) {
    story.credential(name).delete();
    story.moveClock(Duration.ofSeconds(61));
  }

  private void awaitRenewed(String name, Row row) {
    await(name).until(() -> story.condition(name, "Renewed"), row.renewed()::equals);
  }

  private void talk(Conversation client) throws IOException {
    client.hear();
    Matcher user = USER.matcher(client.heard());
    if (!user.find() || wellBehaved.contains(user.group(1))) {
      client.say(GOOD.replace("good-token", "token-" + (1000 + grants.incrementAndGet() % 9000)));
      return;
    }
    rows.get(user.group(1)).script().talk(client);
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("closed", new Row(UNAVAILABLE, doing(Conversation::close)));
    rows.put("reset", new Row(UNAVAILABLE, doing(Conversation::reset)));
    rows.put("reset-in-status", new Row(UNAVAILABLE, saidThenReset("HTTP/1.1 20")));
    rows.put("reset-in-headers", new Row(UNAVAILABLE, saidThenReset("HTTP/1.1 200 OK\r\nConte")));
    rows.put("reset-after-headers", new Row(UNAVAILABLE, saidThenReset(HEAD)));
    rows.put("reset-in-body", new Row(UNAVAILABLE, saidThenReset(HEAD + "{\"acc")));
    rows.put("too-short", new Row(UNAVAILABLE, said(GOOD.replace(LENGTH, "48"))));
    rows.put("too-long", new Row(MALFORMED, said(GOOD.replace(LENGTH, "46"))));
    rows.put("cut-chunk", new Row(UNAVAILABLE, said(CHUNKED + "2e\r\n{\"acc")));
    rows.put("no-http", new Row(UNAVAILABLE, said("220 mark ESMTP\r\n\r\n")));
    rows.put("stall-in-headers", new Row(UNAVAILABLE, saidThenStalls("")));
    rows.put("stall-in-body", new Row(UNAVAILABLE, saidThenStalls(HEAD + "{")));
    rows.put(
        "trickle-of-headers", new Row(UNAVAILABLE, trickle("HTTP/1.1 200 OK\r\n", "a: b\r\n")));
    rows.put("trickle-of-body", new Row(UNAVAILABLE, trickle(HEAD.replace(LENGTH, "99999"), " ")));
    // Many at once: one by one, a loaded machine does not reach the bound in two seconds.
    rows.put(
        "endless-body",
        new Row(MALFORMED, endlessly(HEAD.replace(LENGTH, "999999999"), " ".repeat(1000))));
    rows.put("endless-chunks", new Row(MALFORMED, endlessly(CHUNKED, "1\r\n \r\n".repeat(1000))));
    return rows;
  }

  private void createCredential(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: %s, password: secret, client_id: app, client_secret: hush}
        """
            .formatted(name, name));
    story.createCredential(name, "{credentialsSecretRef: {name: %s}}".formatted(name));
  }

  private void poke(String name) {
    story.patchSecret(name + "-token", "{metadata: {annotations: {poke: '1'}}}");
  }
}
