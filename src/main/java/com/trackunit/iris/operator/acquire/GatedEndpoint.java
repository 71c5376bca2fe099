package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.time.ClockReading;
import com.trackunit.iris.operator.time.TimeSource;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoint of one grant type, behind its request gate.
 *
 * @param grantType the value of the metric label
 * @param end aborts the requests in flight
 * @param time reads both clocks
 */
public record GatedEndpoint(
    String grantType,
    URI url,
    TokenExchange tokens,
    Runnable end,
    RequestGate gate,
    TimeSource time) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Sends a request; returns server and network errors as a response and throws for none of them.
   */
  @FunctionalInterface
  public interface TokenExchange {
    /**
     * Sends one request.
     *
     * @param repetitions how often the same login got no answer before; each makes the time limit
     *     longer
     */
    TokenResponse ask(Grant grant, int repetitions);
  }

  ClockReading read() {
    return time.read();
  }

  /** Requests a turn for this credential, whose token expires at {@code expiry}; null: no token. */
  RequestGate.Turn turn(String uid, String namespace, @Nullable Instant expiry) {
    return gate.turn(uid, namespace, expiry, read());
  }

  /**
   * The failure of a credential as it counts now, for all credentials with its login.
   *
   * @param tokenEnd when its token expires, null when there is none
   */
  public RetryState asOf(EffectiveSpec spec, @Nullable Instant tokenEnd, RetryState failure) {
    ClockReading now = read();
    gate.learn(spec.uid(), spec.namespace(), failure, now.clock());
    return gate.asOf(spec.uid(), tokenEnd, failure, now);
  }

  /** The URL that a token is asked from: scheme, host, port and path; the default port is named. */
  String address() {
    String host = Objects.requireNonNullElse(url.getHost(), "").toLowerCase(Locale.ROOT);
    int byDefault = "http".equals(url.getScheme()) ? HTTP_PORT : HTTPS_PORT;
    int port = url.getPort() < 0 ? byDefault : url.getPort();
    return url.getScheme() + "://" + host + ":" + port + url.getPath();
  }

  /** Gives a turn back, unless its response was already reported. */
  void unused(String uid) {
    gate.unused(uid, read());
  }

  public int waiting() {
    return gate.waiting(read());
  }
}
