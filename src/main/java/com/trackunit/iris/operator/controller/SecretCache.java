package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The informer caches of credentials and Secrets. No method calls the API server. */
public interface SecretCache {
  /** All watched credentials. */
  Stream<IrisCredential> credentials();

  /**
   * The target Secret, if one exists with the operator's labels.
   *
   * @param known the token that was last seen intact in it, null when there was none
   */
  Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known);

  /** A target Secret with fingerprints instead of values, and its state. */
  record Target(Secret redacted, TargetState state) {}

  /** The state of the credentials Secret, if it is labelled and therefore watched. */
  Optional<CredentialsVersion> login(EffectiveSpec spec);

  /** Adds our own write to the cache before the watch delivers it. */
  void written(Secret redacted);
}
