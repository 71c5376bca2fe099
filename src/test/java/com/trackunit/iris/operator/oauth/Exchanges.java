package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.support.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** One of each grant, answers as bytes, and what must be true of whatever comes of them. */
public final class Exchanges {
  /** In every value that no {@code toString} may show. */
  static final String MARK = "mark";

  public static final Grant LOGIN =
      Grant.password("mark-id", "mark-secret", "mark-user", "mark-password", List.of("api"));

  static final Grant OFFLINE =
      Grant.password(
          "mark-id", "mark-secret", "mark-user", "mark-password", List.of("api", "offline_access"));

  static final Grant CLIENT = Grant.clientCredentials("mark:id", "mark-secret", List.of("api"));

  static final Grant REFRESH = OFFLINE.refresh("mark-refresh");

  private Exchanges() {}

  /** For classes whose every test is about each of them. */
  static Stream<Grant> grants() {
    return Stream.of(LOGIN, CLIENT, REFRESH);
  }

  /** An HTTP answer of this length, and of JSON unless the headers say otherwise. */
  public static String http(int status, String body, String... headers) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + " mark-reason\r\n");
    if (List.of(headers).stream().noneMatch(header -> header.startsWith("Content-Type"))) {
      answer.append("Content-Type: application/json\r\n");
    }
    for (String header : headers) {
      answer.append(header).append("\r\n");
    }
    return answer + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** This text compressed, as one character a byte. */
  static String gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(ISO_8859_1);
  }

  /** A success with these members beside a good token. */
  static String grantWith(String members) {
    return http(200, "{\"access_token\":\"mark-token\"," + members + "}");
  }

  /** Whatever grant it is asked with, an answer means the same. */
  static TokenResponse askRaw(String answer) throws IOException {
    List<TokenResponse> answers = new ArrayList<>();
    for (Grant grant : grants().toList()) {
      answers.add(askRaw(grant, answer));
    }
    assertThat(answers)
        .extracting(TokenResponse::withoutRefreshToken)
        .containsOnly(answers.getFirst());
    return answers.getFirst();
  }

  static TokenResponse askRaw(Grant grant, String answer) throws IOException {
    try (RawServer server = RawServer.answering(answer)) {
      return ask(grant, server.url(), Duration.ofSeconds(15));
    }
  }

  static TokenResponse ask(Grant grant, URI url, Duration timeout) {
    try (TokenClient endpoint =
        new TokenClient(url, timeout, TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      TokenResponse answer = endpoint.ask(grant);
      assertThat(answer.toString()).doesNotContainIgnoringCase(MARK);
      return answer;
    }
  }

  public static TokenResponse.Refused refused(TokenError refusal, String cause) {
    return new TokenResponse.Refused(refusal, cause);
  }

  /** No connection was made. */
  public static TokenResponse.Refused unsent(TokenError refusal, String cause) {
    return new TokenResponse.Refused(
        refusal, cause, Optional.empty(), TokenResponse.Delivery.NOT_SENT);
  }

  /** The request was sent, and no whole answer came in time. */
  public static TokenResponse.Refused withoutVerdict(String cause) {
    return new TokenResponse.Refused(
        TokenError.ENDPOINT_UNAVAILABLE,
        cause,
        Optional.empty(),
        TokenResponse.Delivery.NO_VERDICT);
  }
}
