package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Observes the calls of a client: when the API server last answered, whether its certificate was
 * rejected, and which watches fail.
 */
public final class ServerContact implements Interceptor {
  private static final int LONGEST_CHAIN = 20;
  private static final Set<Class<? extends Exception>> UNTRUSTED =
      Set.of(
          CertificateException.class,
          CertPathValidatorException.class,
          CertPathBuilderException.class,
          SSLPeerUnverifiedException.class);

  private final Set<WatchRequest> failing = ConcurrentHashMap.newKeySet();
  private final Map<WatchRequest, String> returned = new ConcurrentHashMap<>();
  private final TimeSource time;
  private volatile Instant last;
  private volatile boolean untrusted;

  public ServerContact(TimeSource time) {
    this.time = time;
    this.last = time.steady();
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    last = time.steady();
    untrusted = false;
    boolean refused = response.code() >= HttpURLConnection.HTTP_BAD_REQUEST;
    if (refused) {
      WatchRequest.of(request).ifPresent(failing::add);
      return;
    }
    WatchRequest.of(request)
        .filter(failing::remove)
        .ifPresent(watch -> returned.put(watch, WatchRequest.version(request)));
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    if (isOfTrust(failure)) {
      untrusted = true;
    }
    WatchRequest.of(request).ifPresent(failing::add);
  }

  /** The watches whose last request was refused or got no response. */
  Set<WatchRequest> failingWatches() {
    return Set.copyOf(failing);
  }

  /**
   * The failing watches that were answered again and were not returned yet, each with the version
   * from which it went on.
   */
  Map<WatchRequest, String> takeReturned() {
    Map<WatchRequest, String> taken = Map.copyOf(returned);
    taken.forEach(returned::remove);
    return taken;
  }

  /** Whether the API server's certificate was rejected since its last response. */
  boolean isUntrusted() {
    return untrusted;
  }

  /** Whether there was no response of any kind for longer than this. */
  boolean isSilentFor(Duration limit) {
    return last.plus(limit).isBefore(time.steady());
  }

  static boolean isOfTrust(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(LONGEST_CHAIN)
        .anyMatch(cause -> UNTRUSTED.stream().anyMatch(kind -> kind.isInstance(cause)));
  }
}
