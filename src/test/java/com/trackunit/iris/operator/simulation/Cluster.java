package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.acquire.AttemptRecorder;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.controller.SecretCache;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.SecretStore;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The API server and its watches, which lag behind nothing; its writes fail when told so. */
final class Cluster implements SecretStore, SecretCache, AttemptRecorder {
  static final String NAMESPACE = "team";
  private static final int UNAVAILABLE = 503;
  private static final Secret NOT_LOOKED_AT = new Secret();

  private final World world;
  private final SimulatedCredential[] all;
  private final Map<String, Secret> logins = new HashMap<>();
  private final Map<String, CredentialsVersion> states = new HashMap<>();

  Cluster(World world, SimulatedCredential[] all) {
    this.world = world;
    this.all = all;
  }

  static String loginSecret(int login) {
    return "login-" + login;
  }

  private SimulatedCredential of(EffectiveSpec spec) {
    return all[Integer.parseInt(spec.name(), 1, spec.name().length(), 10)];
  }

  @Override
  public Read read(String namespace, String name) {
    if (name.startsWith("login-")) {
      return new Read.Found(login(name, all[first(name)].loginVersion));
    }
    // One that is there is in the cache.
    return new Read.Missing();
  }

  private int first(String loginSecret) {
    int login = Integer.parseInt(loginSecret, "login-".length(), loginSecret.length(), 10);
    return login * world.scenario().perLogin();
  }

  private Secret login(String name, int version) {
    return logins.computeIfAbsent(
        name + "/" + version,
        key ->
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withUid(name)
                .withResourceVersion(String.valueOf(version))
                .endMetadata()
                .addToData("username", encoded(name))
                .addToData("password", encoded(version == 1 ? "password" : "corrected"))
                .addToData("client_id", encoded("client"))
                .addToData("client_secret", encoded("secret"))
                .build());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen) {
    throw new IllegalStateException("a token is written as a token here");
  }

  // Kept as what is read of it: to render and to read back so many Secrets would take hours.
  @Override
  public Write write(
      EffectiveSpec spec, StoredToken token, String accessToken, @Nullable Secret seen) {
    if (world.isUnwritable()) {
      return new Failed(RetryClass.KUBERNETES, UNAVAILABLE);
    }
    SimulatedCredential one = of(spec);
    world.written(one, token);
    one.stored = token;
    return new Written(NOT_LOOKED_AT);
  }

  @Override
  public TargetState inspect(EffectiveSpec spec, Secret redacted) {
    return new TargetState.Held(Objects.requireNonNull(of(spec).stored), false, false);
  }

  @Override
  public Rewrite rewrite(DesiredSecret content, Secret seen) {
    throw new IllegalStateException("nobody edits a target Secret here");
  }

  @Override
  public Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen) {
    throw new IllegalStateException("nobody restores a target Secret here");
  }

  @Override
  public Stream<IrisCredential> credentials() {
    return Arrays.stream(all).map(one -> one.credential);
  }

  @Override
  public Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known) {
    return Optional.ofNullable(of(spec).stored)
        .map(stored -> new Target(NOT_LOOKED_AT, new TargetState.Held(stored, false, false)));
  }

  @Override
  public Optional<CredentialsVersion> login(EffectiveSpec spec) {
    SimulatedCredential one = of(spec);
    if (!one.labelled) {
      return Optional.empty();
    }
    int version = one.loginVersion;
    return Optional.of(
        states.computeIfAbsent(
            spec.loginSecret() + "/" + version,
            key -> CredentialsVersion.in(login(spec.loginSecret(), version), spec)));
  }

  @Override
  public void written(Secret redacted) {
    // It is in the cache already.
  }

  @Override
  public void record(EffectiveSpec spec, IrisCredentialStatus status) {
    SimulatedCredential one = of(spec);
    one.credential.setStatus(status);
    one.recorded = true;
  }
}
