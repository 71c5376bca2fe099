package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.RefreshGrant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import java.util.Optional;
import java.util.function.Supplier;

/** Requests a token with a refresh token, where there is one that fits. */
final class RefreshAttempt {
  private final TokenRequests requests;

  RefreshAttempt(TokenRequests requests) {
    this.requests = requests;
  }

  /**
   * The request with the refresh token; empty when there is none for this spec and this login.
   *
   * @param withLogin acquires the token with the login instead, when the refresh token is refused
   */
  Optional<AcquisitionResult> make(
      CredentialContext context,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      Supplier<AcquisitionResult> withLogin) {
    return take(context, login).map(grant -> request(context, cause, login, grant, withLogin));
  }

  // Used only once, even if the request fails: the server may treat a second use as theft and
  // revoke the active token (RFC 9700 section 4.14.2).
  private static Optional<RefreshGrant> take(
      CredentialContext context, CredentialsSecret.Usable login) {
    return context
        .memory()
        .takeRefresh()
        .filter(refresh -> refresh.isFor(context.seen().specHash(), login.version()))
        .filter(refresh -> login.grant() instanceof PasswordGrant)
        .map(refresh -> new RefreshGrant((PasswordGrant) login.grant(), refresh.token()));
  }

  private AcquisitionResult request(
      CredentialContext context,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      RefreshGrant grant,
      Supplier<AcquisitionResult> withLogin) {
    return requests.ask(
        context,
        grant,
        (answer, asked) ->
            switch (answer) {
              case TokenResponse.Granted(IssuedToken granted) ->
                  requests.granted(context, cause, granted, asked, login.version());
              // A refused refresh token is not a refused login: the login is tried at once, in a
              // turn of its own.
              case TokenResponse.Refused refused when refused.refusal().isOfTheGrant() ->
                  withLogin.get();
              case TokenResponse.Refused refused ->
                  requests.refused(context, refused, login.version());
            },
        () -> {});
  }
}
