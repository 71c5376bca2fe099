package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A namespace with an operator, an authorization server and a clock of its own, and the words to
 * tell what happens there.
 *
 * <p>Most stories are about one credential, {@code fleet}, its credentials Secret {@code login} and
 * its target Secret {@code fleet-token}. The operator's timers run in real time, so {@link #pass}
 * moves the clock and wakes the operator; after {@link #moveClock} it sleeps on.
 */
final class Story implements AutoCloseable, AfterEachCallback {
  /** The shortest time between two requests of a credential, and a second more. */
  static final Duration MINIMUM_INTERVAL = RenewalPlanner.MINIMUM_INTERVAL.plusSeconds(1);

  /** After this, every token that lives an hour is due: the latest renewal is at 67 % of it. */
  static final Duration UNTIL_DUE = Duration.ofMinutes(41);

  /**
   * How soon the operator acts on what it watches, on a machine that is busy with other stories.
   */
  static final Duration SOON = Duration.ofSeconds(10);

  /** Long enough for an operator that wrongly acts to be caught doing it. */
  static final Duration A_WHILE = Duration.ofSeconds(2);

  static final String FLEET = "fleet";
  static final String LOGIN = "login";
  static final String TARGET = "fleet-token";
  static final String SPEC = "{credentialsSecretRef: {name: login}}";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final AtomicInteger pokes = new AtomicInteger();
  private final ControlPlane plane;
  private final String namespace;
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final MovableClock clock = new MovableClock();
  private final Map<String, String> environment;
  private final Supplier<Config> kubernetes;
  private RunningOperator operator;

  Story() {
    this(Map.of());
  }

  /** One whose operator is told more by its environment. */
  Story(Map<String, String> environment) {
    this(ControlPlane.get(), environment, ControlPlane.get()::operatorConfig);
  }

  /** One on a control plane of its own. */
  Story(ControlPlane plane) {
    this(plane, Map.of(), plane::operatorConfig);
  }

  /** One whose operator reaches its API server through another. */
  Story(FaultyApiServer between) {
    this(between.plane(), Map.of(), between::config);
  }

  private Story(ControlPlane plane, Map<String, String> environment, Supplier<Config> kubernetes) {
    this.plane = plane;
    this.namespace = plane.newNamespace();
    this.environment = environment;
    this.kubernetes = kubernetes;
    this.operator = startOperator(Set.of(namespace));
  }

  private RunningOperator startOperator(Set<String> namespaces) {
    return RunningOperator.start(kubernetes.get(), namespaces, server.url(), environment, clock);
  }

  String namespace() {
    return namespace;
  }

  FakeAuthorizationServer server() {
    return server;
  }

  int requests() {
    return server.questions().size();
  }

  Instant now() {
    return clock.instant();
  }

  /** For a second operator in the same story. */
  MovableClock clock() {
    return clock;
  }

  /** Moves the operator's time on; nobody looks yet. */
  void moveClock(Duration time) {
    clock.move(time);
  }

  /** Moves the operator's time on and makes it look. */
  void pass(Duration time) {
    clock.move(time);
    poke();
  }

  /** Makes the operator look at {@code fleet}, by a change that is nothing to it. */
  void poke() {
    String next = "poke-" + pokes.incrementAndGet();
    if (secret(TARGET) != null) {
      annotates(TARGET, "poke", next);
      return;
    }
    // Without a target Secret, only a new generation of the credential is an event.
    patchCredential("{spec: {targetSecret: {annotations: {poke: %s}}}}".formatted(next));
  }

  /**
   * Specs a credential, and waits for its first token request, which gets no answer until the
   * returned function is called.
   */
  Runnable requestIsHeld() {
    Runnable release = server.hold();
    labelledLogin();
    createCredential();
    await().until(() -> requests() == 1);
    return release;
  }

  /** From now on, what has no owner any more is deleted; here and in every later story. */
  void collectGarbage() {
    plane.startGarbageCollector();
  }

  void restartOperator() {
    watch(Set.of(namespace));
  }

  /** Replaces the operator by one that watches these namespaces, all when empty. */
  void watch(Set<String> namespaces) {
    operator.close();
    operator = startOperator(namespaces);
  }

  /** Replaces the operator by one that asks for tokens there and has more in its environment. */
  void replaceOperator(URI tokenUrl, Map<String, String> more) {
    operator.close();
    operator = RunningOperator.start(kubernetes.get(), Set.of(namespace), tokenUrl, more, clock);
  }

  String livez() {
    return operator.get("/livez");
  }

  String metrics() {
    return operator.get("/metrics");
  }

  void stopOperator() {
    operator.close();
  }

  /** A complete login that is watched. */
  void labelledLogin() {
    login("secret");
    patchSecret(LOGIN, "{metadata: {labels: {iris.trackunit.com/credentials: 'true'}}}");
  }

  /** A complete login that is only looked at. */
  void login(String password) {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: someone, password: "%s", client_id: app, client_secret: hush}
        """
            .formatted(password));
  }

  void createCredential() {
    createCredential(FLEET, SPEC);
  }

  void createCredential(String name, String spec) {
    apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec));
  }

  /** {@code fleet} with its first token, and nothing left to do. */
  void issued() {
    labelledLogin();
    createCredential();
    awaitEvent("TokenIssued");
  }

  /** Creates what a YAML document says, in this namespace. */
  HasMetadata apply(String yaml) {
    HasMetadata object = admin().getKubernetesSerialization().unmarshal(yaml);
    object.getMetadata().setNamespace(namespace);
    return admin().resource(object).create();
  }

  /** Applies a credential as a person does, whether it is there already or not. */
  CommandResult kubectlApply(String spec) {
    return plane.kubectlWithInput(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet}
        spec: %s
        """
            .formatted(spec),
        "apply",
        "--namespace=" + namespace,
        "--filename=-");
  }

  /** Asks for a renewal, as {@code kubectl annotate} does. */
  void requestRenewal(String value) {
    patchCredential(
        "{metadata: {annotations: {iris.trackunit.com/renew-requested-at: '%s'}}}"
            .formatted(value));
  }

  /** Another spec asks for these scopes. */
  void changesScopesTo(String... scopes) {
    patchCredential("{spec: {scopes: [%s]}}".formatted(String.join(", ", scopes)));
  }

  /** A person writes another password into the login. */
  void changesPasswordTo(String password) {
    patchSecret(LOGIN, "{stringData: {password: '%s'}}".formatted(password));
  }

  /** Anybody edits an annotation of a Secret; nothing else of it changes. */
  void annotates(String secret, String name, String value) {
    patchSecret(secret, "{metadata: {annotations: {'%s': '%s'}}}".formatted(name, value));
  }

  /** The text under a key of the target Secret, empty when there is none. */
  String value(String key) {
    return Optional.ofNullable(secret(TARGET))
        .map(Secret::getData)
        .map(data -> data.get(key))
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
        .orElse("");
  }

  CommandResult kubectl(String... arguments) {
    return plane.kubectl(
        Stream.concat(Stream.of("--namespace=" + namespace), Stream.of(arguments))
            .toArray(String[]::new));
  }

  KubernetesClient admin() {
    return plane.admin();
  }

  Resource<IrisCredential> credential(String name) {
    return admin().resources(IrisCredential.class).inNamespace(namespace).withName(name);
  }

  /** Merges YAML into {@code fleet}. */
  void patchCredential(String yaml) {
    patchCredential(FLEET, yaml);
  }

  /** Merges YAML into a credential. */
  void patchCredential(String name, String yaml) {
    credential(name).patch(PatchContext.of(PatchType.JSON_MERGE), json(yaml));
  }

  /** Merges YAML into a Secret. */
  void patchSecret(String name, String yaml) {
    admin()
        .secrets()
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json(yaml));
  }

  private static String json(String yaml) {
    try {
      return YAML.readTree(yaml).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  void deleteSecret(String name) {
    admin().secrets().inNamespace(namespace).withName(name).delete();
  }

  @Nullable Secret secret(String name) {
    return admin().secrets().inNamespace(namespace).withName(name).get();
  }

  /** The token in the target Secret of this name, empty when there is none. */
  String token(String target) {
    return Optional.ofNullable(secret(target)).map(Story::token).orElse("");
  }

  /** The token in a target Secret, empty when there is none. */
  static String token(Secret secret) {
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get("access_token"))
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8))
        .orElse("");
  }

  IrisCredentialStatus status(String name) {
    return credential(name).get().statusOrNone();
  }

  /** A condition of {@code fleet} as {@code True TokenValid}, empty when it is absent. */
  String condition(String type) {
    return condition(FLEET, type);
  }

  String condition(String name, String type) {
    return status(name)
        .condition(type)
        .map(condition -> condition.status() + " " + condition.reason())
        .orElse("");
  }

  String message(String type) {
    return status(FLEET).condition(type).map(Condition::message).orElse("");
  }

  void awaitRenewed(String condition) {
    await("Renewed").until(() -> condition("Renewed"), condition::equals);
  }

  void awaitEvent(String reason) {
    await("event " + reason).until(() -> events(FLEET).contains(reason));
  }

  /** The reasons of the Events about a credential, in no order. */
  List<String> events(String name) {
    return admin().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getRegarding().getName().equals(name))
        .map(Event::getReason)
        .toList();
  }

  long mark() {
    return plane.audit().mark();
  }

  /** What the operator asked of the API server here since a mark, as {@code get secrets/login}. */
  List<String> calls(long mark) {
    return plane.audit().since(mark, ControlPlane.OPERATOR).stream()
        .filter(call -> call.namespace().equals(namespace))
        .map(Story::shown)
        .toList();
  }

  List<ApiCall> allCalls(long mark) {
    return plane.audit().since(mark).stream()
        .filter(call -> call.namespace().equals(namespace))
        .toList();
  }

  private static String shown(ApiCall call) {
    String object = call.resource() + "/" + call.name();
    return call.verb() + " " + (call.subresource().isEmpty() ? object : object + "/status");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    operator.close();
    // An operator of all namespaces in a later story would serve them as well.
    admin().resources(IrisCredential.class).inNamespace(namespace).delete();
    server.close();
  }
}
