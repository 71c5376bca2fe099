package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.TokenResponse.Delivery;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Describes in our own words why there was no response. No exception is passed on, because
 * exception texts quote what was sent and received.
 */
final class TransportFailure {
  /** A longer chain of causes must be a cycle. */
  static final int LONGEST_CHAIN = 20;

  private TransportFailure() {}

  static Refused explain(Throwable failure, Delivery told) {
    List<Throwable> causes =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .limit(LONGEST_CHAIN)
            .toList();
    // The client subscribes to the body before the handshake ends, and sends nothing until then.
    boolean unsent = causes.stream().anyMatch(SSLHandshakeException.class::isInstance);
    Delivery delivery = unsent ? Delivery.NOT_SENT : told;
    // Check this first: its cause is a ConnectException, but the connection was not refused.
    if (causes.stream().anyMatch(HttpConnectTimeoutException.class::isInstance)) {
      return unavailable("no connection in time", delivery);
    }
    // The innermost cause is the most precise one: an expired certificate is wrapped three times.
    return causes.reversed().stream()
        .flatMap(cause -> explainOne(cause, delivery).stream())
        .findFirst()
        .orElse(unavailable("the connection was broken off", delivery));
  }

  static Refused unavailable(String cause, Delivery delivery) {
    return new Refused(TokenError.ENDPOINT_UNAVAILABLE, cause, Optional.empty(), delivery);
  }

  private static Optional<Refused> explainOne(Throwable failure, Delivery delivery) {
    return untrusted(failure)
        .map(fault -> new Refused(TokenError.ENDPOINT_UNTRUSTED, fault, Optional.empty(), delivery))
        .or(() -> unavailable(failure).map(fault -> unavailable(fault, delivery)));
  }

  private static Optional<String> untrusted(Throwable failure) {
    return switch (failure) {
      case CertificateExpiredException _ -> Optional.of("the server's certificate has expired");
      case CertificateNotYetValidException _ ->
          Optional.of("the server's certificate is not valid yet");
      case CertificateException refused -> Optional.of(certificateFault(refused));
      case CertPathBuilderException _ -> Optional.of("the server's certificate is not trusted");
      case CertPathValidatorException _ -> Optional.of("the server's certificate is not trusted");
      case SSLPeerUnverifiedException _ -> Optional.of("the server's certificate is not trusted");
      default -> Optional.empty();
    };
  }

  private static Optional<String> unavailable(Throwable failure) {
    return switch (failure) {
      case SSLException _ -> Optional.of("the TLS connection failed");
      case UnresolvedAddressException _ -> Optional.of("the host name is not known");
      case UnknownHostException _ -> Optional.of("the host name is not known");
      case NoRouteToHostException _ -> Optional.of("no route to the host");
      case ConnectException refused -> Optional.of(connectFault(refused));
      case ProtocolException _ -> Optional.of("the answer is not HTTP");
      case IOException broken when isRefusedByTheProxy(broken) ->
          Optional.of("the proxy opened no way to the server");
      default -> Optional.empty();
    };
  }

  /** The JDK has no exception class for a host that is not among the names of the certificate. */
  private static String certificateFault(CertificateException refused) {
    String message = Objects.requireNonNullElse(refused.getMessage(), "");
    return message.startsWith("No name matching") || message.startsWith("No subject alternative")
        ? "the server's certificate is for another host"
        : "the server's certificate is not trusted";
  }

  /**
   * After a refused connection the client tries again on the socket that it has just closed, and
   * reports only the second error.
   */
  private static String connectFault(ConnectException failure) {
    boolean refused =
        "Connection refused".equals(failure.getMessage())
            || failure.getCause() instanceof ClosedChannelException;
    return refused ? "connection refused" : "no connection could be made";
  }

  /**
   * The JDK has no exception class for this either. A proxy that requires a user is reported as
   * HTTP 407 instead.
   */
  private static boolean isRefusedByTheProxy(IOException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "").startsWith("Tunnel failed");
  }
}
