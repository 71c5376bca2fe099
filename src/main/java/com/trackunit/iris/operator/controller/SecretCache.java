package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.LoginState;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the watches know of credentials and Secrets; nothing here calls the API server. */
public interface SecretCache {
  /** Every credential that is watched. */
  Stream<IrisCredential> credentials();

  /**
   * The target Secret, if there is one with the operator's labels.
   *
   * @param known the token that was last seen intact in it, null when none was
   */
  Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known);

  /** A target Secret as fingerprints, and what it holds. */
  record Target(Secret digested, TargetState state) {}

  /** The state of the credentials Secret, if it is labelled and therefore watched. */
  Optional<LoginState> login(EffectiveSpec spec);

  /** Our own write counts from now on, before the watch shows it. */
  void written(Secret digested);
}
