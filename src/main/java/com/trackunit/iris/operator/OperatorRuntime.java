package com.trackunit.iris.operator;

import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.Departed;
import com.trackunit.iris.operator.acquire.LoginAttempt;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.acquire.TokenRequests;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.controller.Adoption;
import com.trackunit.iris.operator.controller.EventRecorder;
import com.trackunit.iris.operator.controller.IrisCredentialReconciler;
import com.trackunit.iris.operator.controller.LifecycleListener;
import com.trackunit.iris.operator.controller.Observer;
import com.trackunit.iris.operator.controller.PlanExecutor;
import com.trackunit.iris.operator.controller.ResourceCloner;
import com.trackunit.iris.operator.controller.SecretInformers;
import com.trackunit.iris.operator.controller.StatusClient;
import com.trackunit.iris.operator.controller.StatusReporter;
import com.trackunit.iris.operator.gate.ClockReading;
import com.trackunit.iris.operator.health.NamespaceLists;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.health.ServerCheck;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.health.Watchdog;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.leader.ReplicaIdentity;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.metrics.CredentialCollector;
import com.trackunit.iris.operator.metrics.GuardedMetrics;
import com.trackunit.iris.operator.metrics.ManagementServer;
import com.trackunit.iris.operator.metrics.MetricDescriptions;
import com.trackunit.iris.operator.metrics.RequestMetrics;
import com.trackunit.iris.operator.nudge.PodNudger;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.startup.CapacityCheck;
import com.trackunit.iris.operator.startup.KubernetesClients;
import com.trackunit.iris.operator.startup.NamespaceAccess;
import com.trackunit.iris.operator.startup.PreflightCheck;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole operator, wired and ready to start; {@code Main} and the tests run the same one. */
public final class OperatorRuntime implements AutoCloseable {
  private static final int THREADS = 16;
  private static final Duration LAST_STEPS = Duration.ofSeconds(3);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
  private final CredentialMemories memories = new CredentialMemories();
  private final Watchdog watchdog = new Watchdog(System::nanoTime);
  private final Restart restart = new Restart();
  private final Departed departed = new Departed();
  private final ServerCheck serverCheck;
  private final Leadership leadership;
  private final KubernetesClient client;
  private final OperatorConfig configuration;
  private final NamespaceAccess lateNamespaces;
  private final SecretInformers watches = new SecretInformers(restart);
  private final CredentialCollector credentialMetrics;
  private final TokenEndpoints endpoints;
  private final Operator operator;
  private final IrisCredentialReconciler reconciler;
  private final ManagementServer health;
  private volatile @Nullable Controller<IrisCredential> controller;

  /**
   * Wires the operator and opens its port; nothing runs before {@link #start}.
   *
   * @param kubernetes how to reach the API server
   * @param steady goes on evenly even when the clock is set
   */
  public OperatorRuntime(
      OperatorConfig configuration, Config kubernetes, InstantSource clock, InstantSource steady) {
    this.configuration = configuration;
    registry.config().meterFilter(new MetricDescriptions());
    leadership = ReplicaIdentity.leadership(configuration, kubernetes, clock);
    InstantSource elapsed = () -> Instant.EPOCH.plusNanos(System.nanoTime());
    ServerContact contact = new ServerContact(elapsed);
    client = KubernetesClients.connect(kubernetes, leadership, contact);
    serverCheck =
        new ServerCheck(
            contact,
            steady,
            restart,
            memories::holdsToken,
            () -> KubernetesClients.answersAnew(kubernetes, configuration.namespaces(), elapsed));
    lateNamespaces = new NamespaceAccess(client);
    credentialMetrics = new CredentialCollector(this::ledCredentials, clock);
    endpoints =
        TokenEndpoints.of(configuration, () -> new ClockReading(clock.instant(), steady.instant()));
    operator = new Operator(this::override);
    reconciler = reconciler(clock);
    bindMetrics();
    health =
        new ManagementServer(
            configuration.port(), registry.getPrometheusRegistry(), this::isAlive, this::isReady);
  }

  private IrisCredentialReconciler reconciler(InstantSource clock) {
    EventRecorder announcer =
        new EventRecorder(client, "iris-credential-operator-" + UUID.randomUUID());
    SecretClient secrets = new SecretClient(client);
    StatusClient statusClient = new StatusClient(client);
    LoginGuard logins = new LoginGuard();
    RequestMetrics metrics = new RequestMetrics(registry);
    endpoints.all().forEach(metrics::show);
    TokenRequests requests = new TokenRequests(endpoints, metrics, clock);
    TokenAcquisition exchange =
        new TokenAcquisition(
            endpoints,
            secrets,
            requests,
            new LoginAttempt(endpoints, requests, logins, statusClient, clock));
    return new IrisCredentialReconciler(
        watches,
        new Observer(watches, memories, logins, endpoints),
        new PlanExecutor(
            exchange, secrets, new Adoption(secrets, statusClient::isDeleted), watches, clock),
        new StatusReporter(statusClient, announcer, credentialMetrics, restart, this::depart),
        new PodNudger(configuration.nudgePods(), client, registry, System::nanoTime),
        watchdog,
        departed,
        clock);
  }

  private void override(ConfigurationServiceOverrider overrider) {
    Metrics metrics = MicrometerMetricsV2.newBuilder(registry).build();
    overrider
        .withKubernetesClient(client)
        .checkingCRDAndValidateLocalModel(false)
        .withUseSSAToPatchPrimaryResource(false)
        .withConcurrentReconciliationThreads(THREADS)
        .withReconciliationTerminationTimeout(LAST_STEPS)
        .withResourceCloner(new ResourceCloner(client.getKubernetesSerialization()))
        .withMetrics(
            new AggregatedMetrics(
                List.of(
                    new GuardedMetrics(metrics),
                    new LifecycleListener(watchdog::woken, this::collected))));
  }

  private Controller<IrisCredential> register(Set<String> namespaces) {
    return (Controller<IrisCredential>)
        operator.register(reconciler, overrider -> override(overrider, namespaces));
  }

  private void override(
      ControllerConfigurationOverrider<IrisCredential> overrider, Set<String> namespaces) {
    if (!namespaces.isEmpty()) {
      overrider.settingNamespaces(namespaces);
    }
    overrider
        .withLabelSelector(ReplicaIdentity.selector(configuration.shard()))
        .withInformerListLimit(SecretInformers.PAGE)
        // The framework retries surprises only; what is expected says itself when to look again.
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaxInterval(60_000)
                .withoutMaxAttempts())
        .withReconciliationMaxInterval(Duration.ofMinutes(5))
        // The framework's own filter knows the generation alone, and a request to renew has none.
        .withGenerationAware(false)
        .withOnUpdateFilter(SecretInformers::isWorthALook);
  }

  private void depart(IrisCredential credential) {
    departed.add(credential);
    forget(ResourceID.fromResource(credential));
  }

  private void collected(ResourceID id) {
    departed.forget(id);
    forget(id);
  }

  private void forget(ResourceID id) {
    memories
        .forget(id)
        .ifPresent(uid -> endpoints.all().forEach(endpoint -> endpoint.gate().forget(uid)));
    watchdog.woken(id);
    credentialMetrics.forget(id);
  }

  private void bindMetrics() {
    registry.getPrometheusRegistry().register(credentialMetrics);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    Gauge.builder("iris.operator.alive", () -> isAlive() ? 1 : 0)
        .description("1 while every watch is alive and no wake-up is overdue, as /livez says.")
        .register(registry);
  }

  /**
   * Starts watching; returns once every cache is filled.
   *
   * @param anew run once, when the process has to begin anew to watch a namespace more
   * @throws IllegalStateException if the API server cannot be worked with; the message says why and
   *     what to do
   */
  public void start(Runnable anew) {
    PreflightCheck.Answer answer = PreflightCheck.ask(client, configuration.namespaces());
    leadership
        .problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
    Controller<IrisCredential> started = register(answer.open());
    // A standby has its caches filled, so that it can take over at once.
    started.start(false);
    controller = started;
    restart.endsWith(anew);
    serverCheck.start(
        new NamespaceLists(namespace -> PreflightCheck.version(client, namespace), answer.open()));
    CapacityCheck.warn(watches.credentials().toList(), configuration.limits());
    leadership.start(started::startEventProcessing);
    lateNamespaces.await(answer.closed(), anew);
  }

  // Those of a standby would be told twice, and before the start nothing is known.
  private Stream<IrisCredential> ledCredentials() {
    return isReady() && leadership.isHeld() ? watches.credentials() : Stream.empty();
  }

  /** The port of {@code /metrics}, {@code /livez} and {@code /readyz}. */
  public int port() {
    return health.port();
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

  /** Stops: what is being done gets three seconds to end. */
  @Override
  public void close() {
    lateNamespaces.close();
    serverCheck.close();
    Controller<IrisCredential> started = controller;
    if (started != null) {
      controller = null;
      started.stop();
    }
    operator.stop();
    stopTimers();
    leadership.close();
    client.close();
    endpoints.close();
    health.close();
  }

  // The framework leaves them running, and a timer that waits wakes a hundred times a second.
  private void stopTimers() {
    ScheduledExecutorService timers =
        operator.getConfigurationService().getExecutorServiceManager().scheduledExecutorService();
    if (timers != null) {
      timers.shutdownNow();
    }
  }
}
