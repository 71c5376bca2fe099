package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.StoredToken;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sentences for the user about a token response that was accepted. */
public final class ResponseRemarks {
  private static final String OFFLINE_ACCESS = "offline_access";

  private ResponseRemarks() {}

  /** The sentences about a response, each with a space before it; empty when there are none. */
  public static String of(EffectiveSpec spec, IssuedToken issued) {
    Set<String> missing = new LinkedHashSet<>(spec.scopes());
    issued
        .scope()
        .ifPresentOrElse(
            scope -> missing.removeAll(Arrays.asList(scope.split(" "))), missing::clear);
    // A refresh token proves that this scope was granted, even if the response does not list it.
    issued.refreshToken().ifPresent(_ -> missing.remove(OFFLINE_ACCESS));
    String life =
        issued.lifetimeAssumed()
            ? " The answer names no lifetime, so %d s are assumed."
                .formatted(issued.lifetime().toSeconds())
            : "";
    return notGranted(missing) + life;
  }

  /**
   * The sentences that the stored token still allows, when the condition with all of them was lost.
   */
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
