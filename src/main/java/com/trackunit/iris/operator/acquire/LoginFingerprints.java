package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.gate.Attempt;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Names a login and its values by fingerprints, so that both can be compared and not read. */
final class LoginFingerprints {
  // Salt of this process: a fingerprint of values that leaks without it cannot be checked against
  // guesses.
  private final String salt = UUID.randomUUID().toString();

  /** The attempt of a credential with the login that was just read. */
  Attempt attempt(CredentialContext context, CredentialsSecret.Usable login, String endpoint) {
    Grant grant = login.grant();
    Attempt attempt =
        Attempt.of(
            context.spec().uid(),
            context.spec().namespace(),
            fingerprint(endpoint, grant.identity()),
            fingerprint(salt, grant.proof()),
            login.version(),
            context.seen());
    return grant.isOffline() ? attempt.refreshable() : attempt;
  }

  private static String fingerprint(String of, List<String> parts) {
    return Fingerprint.ofParts(Stream.concat(Stream.of(of), parts.stream()).toList());
  }
}
