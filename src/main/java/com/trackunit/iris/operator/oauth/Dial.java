package com.trackunit.iris.operator.oauth;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * The addresses that one exchange tries, one after the other, until a connection is made.
 *
 * <p>The JDK's client tries the first address of a name only. Whatever it resolves for this
 * exchange goes through here by {@link AddressOrder}, so that the next attempt begins with another
 * one. Addresses that could not be reached come last for later exchanges as well.
 */
final class Dial {
  /** The exchange that this thread works for, if it does. */
  static final ScopedValue<Dial> CURRENT = ScopedValue.newInstance();

  private static final int MOST_REMEMBERED = 64;

  /** Addresses that could not be reached; those of late come last. */
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

  /** The same executor, whose tasks work for this exchange. */
  Executor working(Executor executor) {
    return task -> executor.execute(() -> ScopedValue.where(CURRENT, this).run(task));
  }

  /** The addresses of a name in the order in which they are to be tried. */
  synchronized List<InetAddress> ordered(Stream<InetAddress> resolved) {
    synchronized (UNREACHED) {
      Comparator<InetAddress> unreachedLast =
          Comparator.comparing(address -> UNREACHED.getOrDefault(address, 0));
      given = resolved.sorted(unreachedLast).toList();
    }
    return given;
  }

  /**
   * Whether there is an address left to try after this failure. Only a connection that was never
   * made counts: nothing was sent, so another attempt is no second request.
   */
  synchronized boolean mayGoOnAfter(Throwable failure) {
    if (given.isEmpty() || !isUnreached(failure)) {
      return false;
    }
    tried++;
    boolean more = tried < given.size();
    demote();
    return more;
  }

  /** The address that was tried last comes last from now on. */
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
