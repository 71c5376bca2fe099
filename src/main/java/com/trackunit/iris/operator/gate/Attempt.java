package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential that wants to send a login, with what the cluster stores about that login. After a
 * restart nothing else is known.
 *
 * @param uid UID of the credential
 * @param login fingerprint of endpoint and user, or client id
 * @param values fingerprint of the secret values of the login
 * @param version version of the credentials Secret that contains them
 * @param request fingerprint of the request without its secrets
 * @param recorded the refusals in the status of the credential, null when there are none
 * @param corrected whether the recorded refusals are of other values
 * @param proven whether the stored token was issued for these values, or whether they had been
 *     accepted before they were refused
 * @param acceptedAt when the stored token was issued for these values; null when it was not, or may
 *     come from a refresh token
 * @param tokenEnd when the token that a new one would replace expires, null when there is none
 * @param requested whether a person requested this renewal
 */
public record Attempt(
    String uid,
    String namespace,
    String login,
    String values,
    String version,
    String request,
    @Nullable LoginRejections recorded,
    boolean corrected,
    boolean proven,
    @Nullable Instant acceptedAt,
    @Nullable Instant tokenEnd,
    boolean requested) {

  /** The attempt of a credential with the login that was just read. */
  public static Attempt of(
      String uid, String namespace, String login, String values, String version, Observation seen) {
    StoredToken stored = seen.target() instanceof TargetState.Held held ? held.token() : null;
    RetryState failure = seen.failure();
    LoginRejections recorded = failure == null ? null : failure.rejections();
    boolean corrected =
        failure != null && recorded != null && failure.isCorrected(seen.requestHash(), version);
    boolean issued =
        stored != null
            && version.equals(stored.loginVersion())
            && seen.specHash().equals(stored.specHash());
    boolean acceptedBefore = recorded != null && recorded.accepted() && !corrected;
    return new Attempt(
        uid,
        namespace,
        login,
        values,
        version,
        seen.requestHash(),
        recorded,
        corrected,
        issued || acceptedBefore,
        issued && stored != null ? stored.lifetime().issuedAt() : null,
        stored == null ? null : stored.lifetime().expiresAt(),
        seen.userRequest().isNew());
  }

  /** The recorded refusals of these very values, null when there are none. */
  @Nullable LoginRejections own() {
    return corrected ? null : recorded;
  }

  /** A copy for a login that may get refresh tokens. */
  public Attempt refreshable() {
    return new Attempt(
        uid, namespace, login, values, version, request, recorded, corrected, proven, null,
        tokenEnd, requested);
  }

  LoginStanding standing(boolean accepted, Instant now) {
    return LoginStanding.of(accepted, tokenEnd, now);
  }
}
