package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.TokenResponse.Delivery;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one exchange tries, one after the other, until a connection is made, and how
 * far the exchange came over that one.
 *
 * <p>The JDK's client tries only the first address of a name. {@link AddressOrder} passes all
 * lookups of this exchange through here, so that the next attempt starts with another address.
 * Later exchanges also try unreachable addresses last.
 */
final class Dial {
  /** The exchange for which the current thread works; unbound when there is none. */
  static final ScopedValue<Dial> CURRENT = ScopedValue.newInstance();

  private static final int MOST_REMEMBERED = 64;

  /** Unreachable addresses with the number of their last failure; the latest failure sorts last. */
  private static final Map<InetAddress, Integer> UNREACHED =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Integer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private static int failures;

  private List<InetAddress> given = List.of();
  private int tried;
  private volatile boolean sent;
  private volatile @Nullable ResponseInfo head;

  /** An executor whose tasks run for this exchange. */
  Executor working(Executor executor) {
    return task -> executor.execute(() -> ScopedValue.where(CURRENT, this).run(task));
  }

  /** The addresses of a name in the order in which to try them. */
  synchronized List<InetAddress> ordered(Stream<InetAddress> resolved) {
    synchronized (UNREACHED) {
      Comparator<InetAddress> unreachedLast =
          Comparator.comparing(address -> UNREACHED.getOrDefault(address, 0));
      given = resolved.sorted(unreachedLast).toList();
    }
    return given;
  }

  /**
   * Whether to try the next address after this failure. This is safe only if no connection was
   * made: then nothing was sent, and another attempt does not repeat the request.
   */
  synchronized boolean hasNextAfter(Throwable failure) {
    if (given.isEmpty() || !isUnreached(failure)) {
      return false;
    }
    tried++;
    boolean more = tried < given.size();
    demote();
    return more;
  }

  /** From now on, the address that was tried last sorts last. */
  synchronized void demote() {
    if (given.isEmpty()) {
      return;
    }
    synchronized (UNREACHED) {
      failures++;
      UNREACHED.remove(given.getFirst());
      UNREACHED.put(given.getFirst(), failures);
    }
    given = List.of();
  }

  /** The request body, which tells this dial when it is sent. */
  BodyPublisher sending(String form) {
    BodyPublisher body = BodyPublishers.ofString(form);
    // The client subscribes once the connection is made, proxy tunnel included.
    return BodyPublishers.fromPublisher(
        client -> {
          sent = true;
          body.subscribe(client);
        },
        body.contentLength());
  }

  /** Records the status and the headers of the response. */
  void answered(ResponseInfo response) {
    head = response;
  }

  /** The status and the headers of a response whose body may not have come. */
  Optional<ResponseInfo> head() {
    return Optional.ofNullable(head);
  }

  /** The delivery of a request to which no whole answer came. */
  Delivery unanswered() {
    return sent ? Delivery.NO_VERDICT : Delivery.NOT_SENT;
  }

  private static boolean isUnreached(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(TransportFailure.LONGEST_CHAIN)
        .anyMatch(
            cause ->
                cause instanceof HttpConnectTimeoutException
                    || cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException);
  }
}
