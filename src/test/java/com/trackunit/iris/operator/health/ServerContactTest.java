package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.time.ClockReading;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

/** What is known of the API server from its answers. */
class ServerContactTest {
  private static final HttpRequest LIST = request("/api/v1/secrets?limit=1");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final ServerContact contact =
      new ServerContact(() -> new ClockReading(Instant.EPOCH, now.get()));

  @Test
  void tellsAFailureOfTrustFromAnyOther() {
    assertThat(ServerContact.isOfTrust(wrapped(new CertificateException()))).isTrue();
    assertThat(ServerContact.isOfTrust(wrapped(new CertPathValidatorException()))).isTrue();
    assertThat(ServerContact.isOfTrust(new SSLPeerUnverifiedException("x"))).isTrue();
    assertThat(ServerContact.isOfTrust(new SSLHandshakeException("closed"))).isFalse();
    assertThat(ServerContact.isOfTrust(new ConnectException())).isFalse();
  }

  @Test
  void trustsAgainAfterAnAnswer() {
    contact.afterConnectionFailure(LIST, wrapped(new CertificateException()));
    assertThat(contact.isUntrusted()).isTrue();

    contact.after(LIST, answer(LIST, 403), null);

    assertThat(contact.isUntrusted()).isFalse();
  }

  @Test
  void isSilentFromTheLastAnswerOn() {
    now.set(now.get().plusSeconds(60));
    contact.after(LIST, answer(LIST, 403), null);
    now.set(now.get().plusSeconds(180));
    assertThat(contact.isSilentFor(Duration.ofMinutes(3))).isFalse();
    now.set(now.get().plusNanos(1));
    assertThat(contact.isSilentFor(Duration.ofMinutes(3))).isTrue();
  }

  @Test
  void knowsWhichWatchesFailWhateverVersionTheyBeginAt() {
    HttpRequest first = request("/api/v1/namespaces/team-a/secrets?labelSelector=a%3Db&watch=true");
    HttpRequest later =
        request(
            "/api/v1/namespaces/team-a/secrets?labelSelector=a%3Db&resourceVersion=7&watch=true");
    HttpRequest other = request("/api/v1/secrets?labelSelector=c&watch=true");
    contact.after(first, answer(first, 403), null);
    contact.afterConnectionFailure(other, new ConnectException());
    contact.after(LIST, answer(LIST, 404), null);

    assertThat(contact.failingWatches())
        .extracting(WatchRequest::toString)
        .containsExactlyInAnyOrder("secrets in team-a", "secrets in all namespaces");

    contact.after(later, answer(later, 101), null);
    contact.after(other, answer(other, 200), null);

    assertThat(contact.failingWatches()).isEmpty();
    assertThat(contact.takeReturned().values()).containsExactlyInAnyOrder("7", "");
    assertThat(contact.takeReturned()).isEmpty();
  }

  private static HttpRequest request(String uri) {
    return new StandardHttpRequest.Builder().uri("https://127.0.0.1" + uri).build();
  }

  private static WebSocketUpgradeResponse answer(HttpRequest request, int code) {
    return new WebSocketUpgradeResponse(request, code);
  }

  private static Exception wrapped(Exception cause) {
    return new IOException(new SSLHandshakeException("PKIX").initCause(cause));
  }
}
