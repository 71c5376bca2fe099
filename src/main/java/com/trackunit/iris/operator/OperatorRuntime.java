package com.trackunit.iris.operator;

import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.Departed;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.config.ObservabilityConfig;
import com.trackunit.iris.operator.config.OperatorConfig;
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
import com.trackunit.iris.operator.controller.UnservedNotice;
import com.trackunit.iris.operator.health.ClusterProbe;
import com.trackunit.iris.operator.health.MetadataReader;
import com.trackunit.iris.operator.health.NamespaceProbe;
import com.trackunit.iris.operator.health.Namespaces;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.health.StoreCheck;
import com.trackunit.iris.operator.health.Watchdog;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.leader.ReplicaIdentity;
import com.trackunit.iris.operator.metrics.CredentialCollector;
import com.trackunit.iris.operator.metrics.ManagementServer;
import com.trackunit.iris.operator.metrics.MissingRightsCollector;
import com.trackunit.iris.operator.metrics.ProcessMetrics;
import com.trackunit.iris.operator.metrics.RequestMetrics;
import com.trackunit.iris.operator.metrics.UnservedCredentials;
import com.trackunit.iris.operator.nudge.PodNudger;
import com.trackunit.iris.operator.secret.LoginReader;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.startup.CapacityCheck;
import com.trackunit.iris.operator.startup.KubernetesClients;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private final NamespaceProbe namespaceProbe;
  private final Namespaces namespaces;
  private final ClusterProbe clusterProbe;
  private final Leadership leadership;
  private final KubernetesClient client;
  private final OperatorConfig configuration;
  private final SecretInformers informers = new SecretInformers();
  private final UnservedNotice notice;
  private final CredentialCollector credentialMetrics;
  private final @Nullable UnservedCredentials unserved;
  private final TokenEndpoints endpoints;
  private final Operator operator;
  private final TimeSource time;
  private final Observer observer;
  private final IrisCredentialReconciler reconciler;
  private final ManagementServer management;
  private final Optional<ManagementServer> probes;
  private volatile @Nullable Controller<IrisCredential> controller;

  /**
   * Wires the operator and opens its port; nothing runs before {@link #start}.
   *
   * @param kubernetes configuration of the client for the API server
   */
  public OperatorRuntime(OperatorConfig configuration, Config kubernetes, TimeSource time) {
    this(configuration, kubernetes, time, ClusterProbe.BETWEEN_LOOKS);
  }

  /**
   * The same with other times, for tests.
   *
   * @param betweenLooks how often the watches are checked
   */
  public OperatorRuntime(
      OperatorConfig configuration, Config kubernetes, TimeSource time, Duration betweenLooks) {
    this.configuration = configuration;
    this.time = time;
    leadership =
        ReplicaIdentity.leadership(configuration.replica(), kubernetes, time.withSteadyOf(MACHINE));
    ServerContact contact = new ServerContact(MACHINE);
    client = KubernetesClients.connect(kubernetes, leadership, contact);
    MetadataReader reader = new MetadataReader(client);
    namespaceProbe = new NamespaceProbe(reader);
    namespaces = new Namespaces(namespaceProbe, new LateNamespaces());
    String selector = ReplicaIdentity.selector(configuration.replica().shard());
    notice = new UnservedNotice(client, new StatusClient(client), selector, time);
    clusterProbe =
        new ClusterProbe(
            contact,
            namespaces,
            new StoreCheck(reader, informers.caches(selector), restart),
            time,
            restart,
            facts(kubernetes),
            betweenLooks);
    credentialMetrics = new CredentialCollector(this::ledCredentials, time);
    registry = ProcessMetrics.registry(credentialMetrics, this::isAlive);
    BuildVersion build = BuildVersion.ofThisProgram();
    ProcessMetrics.describe(registry, build.version(), build.revision());
    registry.getPrometheusRegistry().register(new MissingRightsCollector(namespaces::missing));
    unserved = unserved(kubernetes);
    endpoints = TokenEndpoints.of(configuration.endpoints(), time);
    observer = new Observer(informers, memories, endpoints);
    operator = new Operator(this::override);
    reconciler = reconciler();
    ObservabilityConfig ports = configuration.observability();
    management =
        ManagementServer.withMetrics(
            ports.port(), registry.getPrometheusRegistry(), this::isAlive, this::isReady);
    probes =
        ports
            .probePort()
            .map(port -> ManagementServer.ofProbes(port, this::isAlive, this::isReady));
  }

  private ClusterProbe.Facts facts(Config kubernetes) {
    return new ClusterProbe.Facts(
        memories::holdsToken,
        () ->
            KubernetesClients.answersOnNewConnection(
                kubernetes, configuration.replica().namespaces(), MACHINE),
        informers::wakeAll);
  }

  private @Nullable UnservedCredentials unserved(Config kubernetes) {
    return ReplicaIdentity.otherShards(configuration.replica(), kubernetes, client)
        .map(
            leases ->
                new UnservedCredentials(
                    client, ReplicaIdentity.SHARD_LABEL, leases, leadership::isHeld))
        .orElse(null);
  }

  private TokenAcquisition acquisition(SecretClient secrets, StatusClient statusClient) {
    RequestMetrics metrics = new RequestMetrics(registry);
    endpoints.all().forEach(metrics::show);
    metrics.show(configuration.endpoints().limits());
    return new TokenAcquisition(
        endpoints,
        secrets,
        new LoginReader(configuration.loginLabelRequired()),
        metrics,
        statusClient,
        leadership::isHeld,
        time);
  }

  private IrisCredentialReconciler reconciler() {
    EventRecorder recorder =
        new EventRecorder(client, "iris-credential-operator-" + UUID.randomUUID());
    SecretClient secrets = new SecretClient(client);
    StatusClient statusClient = new StatusClient(client);
    return new IrisCredentialReconciler(
        informers,
        observer,
        new PlanExecutor(
            acquisition(secrets, statusClient),
            secrets,
            new TargetWriter(secrets, statusClient::isDeleted, informers, time),
            time),
        new StatusReporter(
            statusClient,
            recorder,
            credentialMetrics,
            restart,
            credential -> markDeleted(credential, time.instant())),
        new PodNudger(configuration.nudgePods(), client, registry, time),
        watchdog,
        departed,
        statusClient::isGone,
        time);
  }

  private void override(ConfigurationServiceOverrider overrider) {
    FrameworkSettings.apply(
        overrider,
        client,
        MicrometerMetricsV2.newBuilder(registry).build(),
        new LifecycleListener(watchdog::woken, this::onDeleted),
        configuration.endpoints().tokenUrls().size()
            * configuration.endpoints().limits().inFlight());
  }

  private Controller<IrisCredential> register(Set<String> namespaces) {
    String selector = ReplicaIdentity.selector(configuration.replica().shard());
    return (Controller<IrisCredential>)
        operator.register(
            reconciler, overrider -> FrameworkSettings.apply(overrider, namespaces, selector));
  }

  /** What is done for a namespace whose rights were not complete at the start. */
  private final class LateNamespaces implements Namespaces.Service {
    @Override
    public boolean serve(String added, Set<String> before) {
      Controller<IrisCredential> started = Objects.requireNonNull(controller);
      Set<String> all = new TreeSet<>(before);
      all.add(added);
      try {
        informers.add(added, started.getEventSourceManager());
        started.changeNamespaces(all);
        return true;
      } catch (RuntimeException e) {
        // Its Role was taken away again meanwhile. The framework stops the processing of all
        // namespaces when it cannot add one.
        started.changeNamespaces(before);
        if (leadership.isHeld()) {
          started.startEventProcessing();
        }
        return false;
      }
    }

    // A standby tells nobody.
    @Override
    public void tell(String namespace, String missing) {
      if (leadership.isHeld()) {
        notice.tell(namespace, missing);
      }
    }
  }

  private void markDeleted(IrisCredential credential, Instant now) {
    departed.add(credential, now);
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
   * @param restartProcess ends the process so that it is started again, when only that helps
   * @throws IllegalStateException if the operator cannot work with the API server; the message says
   *     why and what to do
   */
  public void start(Runnable restartProcess) {
    PreflightCheck.Answer answer =
        PreflightCheck.ask(client, namespaceProbe, configuration.replica().namespaces());
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
    clusterProbe.start(answer.open(), answer.closed());
    CapacityCheck.warn(informers.credentials().toList(), configuration.endpoints().limits());
    leadership.start(
        () -> {
          observer.leadsSince(time.instant());
          started.startEventProcessing();
        });
    if (unserved != null) {
      registry.getPrometheusRegistry().register(unserved);
      unserved.start(answer.open());
    }
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

  /** The port of the probes alone; empty when they have none of their own. */
  public Optional<Integer> probePort() {
    return probes.map(ManagementServer::port);
  }

  private boolean isReady() {
    return controller != null;
  }

  private boolean isAlive() {
    Controller<IrisCredential> started = controller;
    return started == null
        || (!started.getControllerHealthInfo().hasUnhealthyEventSources()
            && !watchdog.isOverdue()
            && clusterProbe.isAlive());
  }

  /** Stops the operator; reconciliations in progress get three seconds to end. */
  @Override
  public void close() {
    if (unserved != null) {
      unserved.close();
    }
    clusterProbe.close();
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
    probes.ifPresent(ManagementServer::close);
  }
}
