package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.StoredToken;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a user should know of a token response that was accepted. */
public final class ResponseRemarks {
  private static final String OFFLINE_ACCESS = "offline_access";

  private ResponseRemarks() {}

  /** Sentences about a response, each with a space before it; empty when there are none. */
  public static String of(EffectiveSpec spec, IssuedToken issued) {
    Set<String> missing = new LinkedHashSet<>(spec.scopes());
    issued
        .scope()
        .ifPresentOrElse(
            scope -> missing.removeAll(Arrays.asList(scope.split(" "))), missing::clear);
    // A refresh token is what that scope is for, whether the response names it or not.
    issued.refreshToken().ifPresent(_ -> missing.remove(OFFLINE_ACCESS));
    String life =
        issued.lifetimeAssumed()
            ? " The answer names no lifetime, so %d s are assumed."
                .formatted(issued.lifetime().toSeconds())
            : "";
    return notGranted(missing) + life;
  }

  /** What the stored token still says of its response, when the sentences themselves were lost. */
  public static String of(EffectiveSpec spec, StoredToken token) {
    if (!token.specHash().equals(spec.specHash())) {
      return "";
    }
    Set<String> missing = new LinkedHashSet<>(spec.scopes());
    missing.removeAll(Arrays.asList(token.scope().split(" ")));
    // Whether a refresh token came with it is not stored.
    missing.remove(OFFLINE_ACCESS);
    return notGranted(missing);
  }

  private static String notGranted(Set<String> missing) {
    return missing.isEmpty()
        ? ""
        : " The server did not grant the scopes \"%s\".".formatted(String.join(" ", missing));
  }
}
