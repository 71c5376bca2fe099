package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.gate.Moment;
import com.trackunit.iris.operator.secret.SecretClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole operator, wired and ready to start; {@code Main} and the tests run the same one. */
public final class CredentialOperator implements AutoCloseable {
  private static final int THREADS = 16;
  private static final Duration LAST_STEPS = Duration.ofSeconds(3);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
  private final Memory memory = new Memory();
  private final Watchdog watchdog = new Watchdog(System::nanoTime);
  private final Restart restart = new Restart();
  private final Departed departed = new Departed();
  private final ServerCheck serverCheck;
  private final Leadership leadership;
  private final KubernetesClient client;
  private final Configuration configuration;
  private final LateNamespaces lateNamespaces;
  private final Watches watches = new Watches(restart);
  private final CredentialMetrics credentialMetrics;
  private final Endpoints endpoints;
  private final Operator operator;
  private final IrisCredentialReconciler reconciler;
  private final Health health;
  private volatile @Nullable Controller<IrisCredential> controller;

  /**
   * Wires the operator and opens its port; nothing runs before {@link #start}.
   *
   * @param kubernetes how to reach the API server
   * @param steady goes on evenly even when the clock is set
   */
  public CredentialOperator(
      Configuration configuration, Config kubernetes, InstantSource clock, InstantSource steady) {
    this.configuration = configuration;
    registry.config().meterFilter(new MetricDescriptions());
    leadership = Replica.leadership(configuration, kubernetes, clock);
    InstantSource elapsed = () -> Instant.EPOCH.plusNanos(System.nanoTime());
    ServerContact contact = new ServerContact(elapsed);
    client = ApiClient.connect(kubernetes, leadership, contact);
    serverCheck =
        new ServerCheck(
            contact,
            steady,
            restart,
            memory::holdsToken,
            () -> ApiClient.answersAnew(kubernetes, configuration.namespaces(), elapsed));
    lateNamespaces = new LateNamespaces(client);
    credentialMetrics = new CredentialMetrics(this::ledCredentials, clock);
    endpoints = Endpoints.of(configuration, () -> new Moment(clock.instant(), steady.instant()));
    operator = new Operator(this::override);
    reconciler = reconciler(clock);
    bindMetrics();
    health = new Health(configuration.port(), registry::scrape, this::isAlive, this::isReady);
  }

  private IrisCredentialReconciler reconciler(InstantSource clock) {
    Announcer announcer = new Announcer(client, "iris-credential-operator-" + UUID.randomUUID());
    SecretClient secrets = new SecretClient(client);
    StatusClient statusClient = new StatusClient(client);
    Logins logins = new Logins();
    OperatorMetrics metrics = new OperatorMetrics(registry);
    endpoints.all().forEach(metrics::show);
    Requests requests = new Requests(endpoints, memory, metrics, clock);
    Exchange exchange =
        new Exchange(
            endpoints,
            secrets,
            requests,
            new LoginTry(endpoints, requests, logins, statusClient, clock),
            memory);
    return new IrisCredentialReconciler(
        watches,
        new Observer(watches, memory, logins, endpoints),
        new Steps(exchange, secrets, new Adoption(client, secrets), watches, memory, clock),
        new Reports(memory, statusClient, announcer, credentialMetrics, restart, this::depart),
        new Nudges(configuration.nudgePods(), client, registry, System::nanoTime),
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
        .withMetrics(new FrameworkMetrics(metrics, watchdog::woken, this::collected));
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
        .withLabelSelector(Replica.selector(configuration.shard()))
        .withInformerListLimit(Watches.PAGE)
        // The framework retries surprises only; what is expected says itself when to look again.
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaxInterval(60_000)
                .withoutMaxAttempts())
        .withReconciliationMaxInterval(Duration.ofMinutes(5))
        // The framework's own filter knows the generation alone, and a request to renew has none.
        .withGenerationAware(false)
        .withOnUpdateFilter(Watches::isWorthALook);
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
    memory
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
    FirstCall.Answer answer = FirstCall.ask(client, configuration.namespaces());
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
    serverCheck.start(new NamespaceLists(client, answer.open()));
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
    leadership.close();
    client.close();
    endpoints.close();
    health.close();
  }
}
