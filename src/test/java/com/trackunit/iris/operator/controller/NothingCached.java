package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Caches of a start, before anything was seen. */
interface NothingCached extends SecretCache {
  @Override
  default Stream<IrisCredential> credentials() {
    return Stream.empty();
  }

  @Override
  default Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known) {
    return Optional.empty();
  }

  @Override
  default Optional<CredentialsVersion> login(EffectiveSpec spec) {
    return Optional.empty();
  }

  @Override
  default void written(Secret redacted) {}
}
