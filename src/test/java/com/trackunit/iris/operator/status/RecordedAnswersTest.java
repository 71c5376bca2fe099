package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.oauth.Exchanges;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenClient;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.support.Generated;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What seven authorization servers answered, byte for byte, and what is made of it: retry class,
 * reason and sentence.
 */
class RecordedAnswersTest {
  private static final Path RECORDED = Path.of("src/test/resources/answers-of-real-servers.jsonl");
  private static final Path GOLDEN = Path.of("src/test/resources/answers-of-real-servers.txt");

  /** What a cut token was, in the recording and here. */
  private static final String CUT = "…";

  private static final String TOKEN = "a-token";

  @Test
  void areUnderstood() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(RECORDED)) {
      JsonNode recorded = new ObjectMapper().readTree(line);
      lines.add("# " + title(recorded));
      lines.add("  " + meaning(recorded));
    }
    String all = String.join("\n", lines) + "\n";

    Generated.check(GOLDEN, all);
    assertThat(all)
        .as("no description of a server's is repeated")
        .doesNotContain("Invalid", "not allowed", "too many", "Server Error", TOKEN);
  }

  private static String title(JsonNode recorded) {
    String body = recorded.get("body").asText();
    int error = body.indexOf("\"error\"");
    String code = error < 0 ? "" : body.substring(error).split("\"")[3];
    return "%s, %s: %s %s"
        .formatted(
            recorded.get("server").asText(),
            recorded.get("grant").asText(),
            recorded.get("status").asText().split(" ")[1],
            code.contains(" ") ? "and no code" : code)
        .strip();
  }

  private static String meaning(JsonNode recorded) throws IOException {
    return switch (replayed(recorded)) {
      case TokenResponse.Granted granted -> granted.token().toString();
      case TokenResponse.Refused refused -> {
        Outcome.Failed failed = TokenFailures.refused(refused, spec(recorded), "login/1");
        yield "%s%s, %s: %s"
            .formatted(
                failed.kind(),
                refused.isWithoutVerdict() ? " without a verdict" : "",
                failed.reason().text(),
                failed.sentence());
      }
    };
  }

  private static TokenResponse replayed(JsonNode recorded) throws IOException {
    try (RawServer server = RawServer.answering(bytes(recorded));
        TokenClient client =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      return client.ask(grant(recorded));
    }
  }

  /** The recorded answer, with a token where one was cut, and the lengths that follow from it. */
  private static String bytes(JsonNode recorded) {
    String body = recorded.get("body").asText().replace(CUT, TOKEN);
    List<String> parts = List.of(body.split("\r\n"));
    if (body.endsWith("\r\n0\r\n\r\n")) {
      String text = parts.get(1);
      body = Integer.toHexString(text.length()) + "\r\n" + text + "\r\n0\r\n\r\n";
    }
    StringBuilder answer = new StringBuilder(recorded.get("status").asText()).append("\r\n");
    for (JsonNode header : recorded.get("headers")) {
      boolean length = header.asText().toLowerCase(Locale.ROOT).startsWith("content-length");
      answer.append(length ? "Content-Length: " + body.length() : header.asText()).append("\r\n");
    }
    return answer.append("\r\n").append(body).toString();
  }

  private static EffectiveSpec spec(JsonNode recorded) {
    return recorded.get("grant").asText().equals("client_credentials")
        ? Specs.fleet("grantType: ClientCredentials", "scopes: [api]")
        : Specs.fleet();
  }

  private static Grant grant(JsonNode recorded) {
    Grant login = Exchanges.LOGIN;
    return switch (recorded.get("grant").asText()) {
      case "password" -> login;
      case "refresh_token" -> login.refresh("refresh");
      case "client_credentials" -> Grant.clientCredentials("id", "secret", List.of("asset.view"));
      default -> throw new IllegalStateException(recorded.toString());
    };
  }
}
