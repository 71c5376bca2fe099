package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.acquire.CredentialMemory.Refresh;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import java.util.Optional;

/** Uses a refresh token in place of the login, where there is one that fits. */
final class RefreshAttempt {
  private RefreshAttempt() {}

  /**
   * The refresh token; empty when there is none for this spec and this login. Used only once, even
   * if the request fails: the server may treat a second use as theft and revoke the active token
   * (RFC 9700 section 4.14.2).
   */
  static Optional<Refresh> take(CredentialContext context, CredentialsSecret.Usable login) {
    return context
        .memory()
        .takeRefresh()
        .filter(refresh -> refresh.isFor(context.seen().specHash(), login.version()))
        .filter(_ -> login.grant().isRefreshable());
  }

  /** Whether the token was brought by a refresh token of a session that ends with it. */
  static boolean isOfASessionThatEnds(PendingRequest request, IssuedToken granted) {
    StoredToken stored = request.context().stored();
    Refresh refresh = request.refresh();
    return refresh != null
        && stored != null
        && refresh.isOfASessionThatEnds(
            Lifetime.of(request.sentAt(), granted.lifetime()), stored.lifetime());
  }
}
