package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AttemptRecorder;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.LoginReader;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One credential, for which the operator's own classes take one step after the other: what a token
 * request brings over HTTP is told in its status, without a cluster.
 */
final class PlayedCredential implements AutoCloseable {
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final MovableClock clock = new MovableClock();
  private final HeldSecrets secrets = new HeldSecrets();
  private final IrisCredential credential = new IrisCredential();
  private final GrantType grantType;
  private TokenEndpoints endpoints;
  private Observer observer;
  private PlanExecutor executor;

  PlayedCredential(GrantType grantType) {
    this.grantType = grantType;
    credential.getMetadata().setNamespace("integrations");
    credential.getMetadata().setName("fleet");
    credential.getMetadata().setUid("one");
    credential.getMetadata().setCreationTimestamp(clock.instant().toString());
    change("first");
    endpoints = endpoints();
    observer = new Observer(secrets, new CredentialMemories(), endpoints);
    executor = executor();
  }

  FakeAuthorizationServer server() {
    return server;
  }

  MovableClock clock() {
    return clock;
  }

  /** The target Secret, null when there is none. */
  @Nullable Secret target() {
    return secrets.target;
  }

  /** Another spec, which asks for the same token. */
  void change(String annotation) {
    Long generation = credential.getMetadata().getGeneration();
    credential.getMetadata().setGeneration(generation == null ? 1L : generation + 1);
    credential.setSpec(
        Specs.credential(
                "any",
                "any",
                "any",
                "grantType: " + grantType.text(),
                "scopes: [api]",
                "targetSecret: {annotations: {note: %s}}".formatted(annotation))
            .getSpec());
  }

  /** Another process: what was only remembered is forgotten. */
  void restart() {
    endpoints.close();
    endpoints = endpoints();
    observer = new Observer(secrets, new CredentialMemories(), endpoints);
    executor = executor();
  }

  /** One step as the reconciler takes it. */
  void step() {
    CredentialContext context = observer.observe(credential, clock.instant());
    PlanExecutor.Step step = executor.take(context);
    credential.setStatus(Report.of(context, step, clock.instant()).status());
  }

  /** A condition as {@code True TokenValid}, empty when it is absent. */
  String condition(String type) {
    return credential
        .statusOrNone()
        .condition(type)
        .map(condition -> condition.status() + " " + condition.reason())
        .orElse("");
  }

  @Override
  public void close() {
    endpoints.close();
    server.close();
  }

  private TokenEndpoints endpoints() {
    return switch (OperatorConfig.read(server.environment())) {
      case OperatorConfig.Reading.Good(OperatorConfig good, List<String> _) ->
          TokenEndpoints.of(good.endpoints(), clock);
      case OperatorConfig.Reading.Bad(List<String> mistakes) ->
          throw new IllegalStateException(mistakes.toString());
    };
  }

  private PlanExecutor executor() {
    TokenAcquisition acquisition =
        new TokenAcquisition(
            endpoints,
            secrets,
            new LoginReader(false),
            (request, answer, took) -> {},
            secrets,
            () -> true,
            clock);
    return new PlanExecutor(
        acquisition, secrets, new TargetWriter(secrets, spec -> false, secrets, clock), clock);
  }

  /** A login, the target Secret, and caches that show them at once. */
  private final class HeldSecrets implements SecretStore, SecretCache, AttemptRecorder {
    @Nullable Secret target;
    private int versions;

    @Override
    public Read read(String namespace, String name) {
      if (name.equals("login")) {
        return new Read.Found(loginSecret());
      }
      return target == null ? new Read.Missing() : new Read.Found(target);
    }

    @Override
    public Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen) {
      Secret written = content.created(spec);
      written.getMetadata().setResourceVersion(String.valueOf(++versions));
      target = written;
      return new Written(RedactedSecret.of(written));
    }

    @Override
    public Rewrite rewrite(DesiredSecret content, Secret seen) {
      throw new IllegalStateException("nothing is repaired here");
    }

    @Override
    public Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen) {
      throw new IllegalStateException("nothing is adopted here");
    }

    @Override
    public Stream<IrisCredential> credentials() {
      return Stream.of(credential);
    }

    @Override
    public Optional<Target> target(EffectiveSpec spec, @Nullable StoredToken known) {
      return Optional.ofNullable(target)
          .map(RedactedSecret::of)
          .map(redacted -> new Target(redacted, SecretInspector.read(redacted, spec, known)));
    }

    @Override
    public Optional<CredentialsVersion> login(EffectiveSpec spec) {
      return Optional.of(CredentialsVersion.in(loginSecret(), spec));
    }

    @Override
    public void written(Secret redacted) {
      // It is in the cache already.
    }

    @Override
    public void record(EffectiveSpec spec, IrisCredentialStatus status) {
      credential.setStatus(status);
    }
  }

  private static Secret loginSecret() {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("integrations")
        .withName("login")
        .withUid("login")
        .withResourceVersion("1")
        .endMetadata()
        .withData(
            Map.of(
                "client_id", encoded("app"),
                "client_secret", encoded("hush"),
                "username", encoded("someone"),
                "password", encoded("secret")))
        .build();
  }

  private static String encoded(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
