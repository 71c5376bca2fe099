package com.trackunit.iris.operator;

import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.Departed;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.controller.Adoption;
import com.trackunit.iris.operator.controller.EventRecorder;
import com.trackunit.iris.operator.controller.FrameworkSettings;
import com.trackunit.iris.operator.controller.IrisCredentialReconciler;
import com.trackunit.iris.operator.controller.LifecycleListener;
import com.trackunit.iris.operator.controller.Observer;
import com.trackunit.iris.operator.controller.PlanExecutor;
import com.trackunit.iris.operator.controller.SecretInformers;
import com.trackunit.iris.operator.controller.StatusClient;
import com.trackunit.iris.operator.controller.StatusReporter;
import com.trackunit.iris.operator.controller.TargetWriter;
import com.trackunit.iris.operator.health.NamespaceLists;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.health.ServerCheck;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.health.Watchdog;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.leader.ReplicaIdentity;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.metrics.CredentialCollector;
import com.trackunit.iris.operator.metrics.ManagementServer;
import com.trackunit.iris.operator.metrics.ProcessMetrics;
import com.trackunit.iris.operator.metrics.RequestMetrics;
import com.trackunit.iris.operator.nudge.PodNudger;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.startup.CapacityCheck;
import com.trackunit.iris.operator.startup.KubernetesClients;
import com.trackunit.iris.operator.startup.NamespaceAccess;
import com.trackunit.iris.operator.startup.PreflightCheck;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wires the whole operator; {@code Main} and the tests use the same class. */
public final class OperatorRuntime implements AutoCloseable {
  // Threads and connections live in the time of the machine, which no test can move. So does the
  // term of the Lease.
  private static final TimeSource MACHINE = TimeSource.system();

  private final PrometheusMeterRegistry registry;
  private final CredentialMemories memories = new CredentialMemories();
  private final Watchdog watchdog = new Watchdog(MACHINE);
  private final Restart restart = new Restart();
  private final Departed departed = new Departed();
  private final ServerCheck serverCheck;
  private final Leadership leadership;
  private final KubernetesClient client;
  private final OperatorConfig configuration;
  private final NamespaceAccess namespaceAccess;
  private final SecretInformers informers = new SecretInformers(restart);
  private final CredentialCollector credentialMetrics;
  private final TokenEndpoints endpoints;
  private final Operator operator;
  private final IrisCredentialReconciler reconciler;
  private final ManagementServer management;
  private volatile @Nullable Controller<IrisCredential> controller;

  /**
   * Wires the operator and opens its port; nothing runs before {@link #start}.
   *
   * @param kubernetes configuration of the client for the API server
   */
  public OperatorRuntime(OperatorConfig configuration, Config kubernetes, TimeSource time) {
    this.configuration = configuration;
    leadership =
        ReplicaIdentity.leadership(configuration.replica(), kubernetes, time.withSteadyOf(MACHINE));
    Set<String> namespaces = configuration.replica().namespaces();
    ServerContact contact = new ServerContact(MACHINE);
    client = KubernetesClients.connect(kubernetes, leadership, contact);
    serverCheck =
        new ServerCheck(
            contact,
            time,
            restart,
            memories::holdsToken,
            () -> KubernetesClients.answersOnNewConnection(kubernetes, namespaces, MACHINE));
    namespaceAccess = new NamespaceAccess(client);
    credentialMetrics = new CredentialCollector(this::ledCredentials, time);
    registry = ProcessMetrics.registry(credentialMetrics, this::isAlive);
    endpoints = TokenEndpoints.of(configuration.endpoints(), time);
    operator = new Operator(this::override);
    reconciler = reconciler(time);
    management =
        new ManagementServer(
            configuration.observability().port(),
            registry.getPrometheusRegistry(),
            this::isAlive,
            this::isReady);
  }

  private IrisCredentialReconciler reconciler(TimeSource time) {
    EventRecorder recorder =
        new EventRecorder(client, "iris-credential-operator-" + UUID.randomUUID());
    SecretClient secrets = new SecretClient(client);
    StatusClient statusClient = new StatusClient(client);
    Adoption adoption = new Adoption(secrets, statusClient::isDeleted);
    LoginGuard logins = new LoginGuard();
    RequestMetrics metrics = new RequestMetrics(registry);
    endpoints.all().forEach(metrics::show);
    TokenAcquisition acquisition =
        new TokenAcquisition(endpoints, secrets, metrics, logins, statusClient, time);
    return new IrisCredentialReconciler(
        informers,
        new Observer(informers, memories, logins, endpoints),
        new PlanExecutor(
            acquisition, secrets, new TargetWriter(secrets, adoption, informers, time), time),
        new StatusReporter(statusClient, recorder, credentialMetrics, restart, this::markDeleted),
        new PodNudger(configuration.nudgePods(), client, registry, time),
        watchdog,
        departed,
        time);
  }

  private void override(ConfigurationServiceOverrider overrider) {
    FrameworkSettings.apply(
        overrider,
        client,
        MicrometerMetricsV2.newBuilder(registry).build(),
        new LifecycleListener(watchdog::woken, this::onDeleted));
  }

  private Controller<IrisCredential> register(Set<String> namespaces) {
    String selector = ReplicaIdentity.selector(configuration.replica().shard());
    return (Controller<IrisCredential>)
        operator.register(
            reconciler, overrider -> FrameworkSettings.apply(overrider, namespaces, selector));
  }

  private void markDeleted(IrisCredential credential) {
    departed.add(credential);
    // Its memory may be gone already, and its last request has passed the gate since.
    endpoints.forget(credential.getMetadata().getUid());
    forget(ResourceID.fromResource(credential));
  }

  private void onDeleted(ResourceID id) {
    departed.forget(id);
    forget(id);
  }

  private void forget(ResourceID id) {
    memories.forget(id).ifPresent(endpoints::forget);
    watchdog.woken(id);
    credentialMetrics.forget(id);
  }

  /**
   * Starts the watches; returns when all caches are synced.
   *
   * @param restartProcess ends the process so that it is started again: when one more namespace can
   *     be watched, or when only a restart helps
   * @throws IllegalStateException if the operator cannot work with the API server; the message says
   *     why and what to do
   */
  public void start(Runnable restartProcess) {
    PreflightCheck.Answer answer = PreflightCheck.ask(client, configuration.replica().namespaces());
    leadership
        .problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
    Controller<IrisCredential> started = register(answer.open());
    // A standby fills its caches too, so that it can take over at once.
    started.start(false);
    controller = started;
    restart.endsWith(restartProcess);
    serverCheck.start(
        new NamespaceLists(namespace -> PreflightCheck.version(client, namespace), answer.open()));
    CapacityCheck.warn(informers.credentials().toList(), configuration.endpoints().limits());
    leadership.start(started::startEventProcessing);
    namespaceAccess.await(answer.closed(), restartProcess);
  }

  // Only the leader exports credential metrics, else each credential would appear twice. Before the
  // start the caches are empty.
  private Stream<IrisCredential> ledCredentials() {
    return isReady() && leadership.isHeld() ? informers.credentials() : Stream.empty();
  }

  /** The port of {@code /metrics}, {@code /livez} and {@code /readyz}. */
  public int port() {
    return management.port();
  }

  private boolean isReady() {
    return controller != null;
  }

  private boolean isAlive() {
    Controller<IrisCredential> started = controller;
    return started == null
        || (!started.getControllerHealthInfo().hasUnhealthyEventSources()
            && !watchdog.isOverdue()
            && serverCheck.isAlive());
  }

  /** Stops the operator; reconciliations in progress get three seconds to end. */
  @Override
  public void close() {
    namespaceAccess.close();
    serverCheck.close();
    Controller<IrisCredential> started = controller;
    if (started != null) {
      controller = null;
      started.stop();
    }
    operator.stop();
    FrameworkSettings.stopTimers(operator);
    leadership.close();
    client.close();
    endpoints.close();
    management.close();
  }
}
