package com.trackunit.iris.operator.support;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes API server with the shipped CRD, namespace, service account and role: one for
 * all tests of this JVM, started on first use and gone with the JVM.
 *
 * <p>It has no node and no scheduler: a Pod can be created, it never runs. It has no controller
 * either until {@link #startGarbageCollector} or {@link #startRollouts}.
 */
public final class ControlPlane implements AutoCloseable {
  /** Who the shipped operator is to the API server, and in the audit log. */
  public static final String OPERATOR =
      "system:serviceaccount:iris-system:iris-credential-operator";

  /** Who {@link #admin} and {@link #kubectl} are in the audit log. */
  public static final String ADMIN = "admin";

  /** Several at once take longer than one after the other. */
  private static final Object STARTS = new Object();

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final long TOKEN_SECONDS = Duration.ofHours(24).toSeconds();

  private final AtomicInteger namespaces = new AtomicInteger();
  private final ServerPrograms programs;
  private final Path binaries;
  private KubernetesClient admin;
  private final Kubectl kubectl;
  private final AuditLog audit;
  private final Thread atExit;
  private @Nullable Path operatorKubeconfig;
  private boolean collectsGarbage;

  /** Loaded, and so started, by the first call of {@link ControlPlane#get}. */
  private static final class Started {
    static final ControlPlane INSTANCE = another();
  }

  private ControlPlane() {
    binaries = ControlPlaneBinaries.folderWith("etcd", "kube-apiserver", "kubectl");
    programs = new ServerPrograms();
    atExit = new Thread(programs::stop, "control-plane-stop");
    Runtime.getRuntime().addShutdownHook(atExit);
    programs.startApiServer(binaries);
    Path kubeconfig = programs.adminKubeconfig();
    kubectl = new Kubectl(binaries.resolve("kubectl"), kubeconfig, programs.folder());
    audit = new AuditLog(programs.auditLog());
    admin = client(kubeconfig);
    awaitReady();
  }

  private void awaitReady() {
    await("the API server to be ready")
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> programs.allAlive() && kubectl("get", "--raw=/readyz").exitCode() == 0);
  }

  /** Ends every connection; on one of {@link #another}. */
  public void restartApiServer() {
    restart(() -> {});
  }

  /** Keeps what etcd holds now, for {@link #restore}; on one of {@link #another}. */
  public void backUp() {
    restart(programs::backUp);
  }

  /** Gives etcd what {@link #backUp} kept: its versions go back. */
  public void restore() {
    restart(programs::restore);
  }

  /** Another authority signs the API server's certificate; every kubeconfig here trusts it. */
  public void rotateAuthority() {
    restart(programs::forgetCertificate);
    admin.close();
    admin = client(programs.adminKubeconfig());
  }

  private void restart(Runnable meanwhile) {
    synchronized (STARTS) {
      programs.restartApiServer(binaries, meanwhile);
      awaitReady();
    }
  }

  /** The control plane of this JVM. */
  public static ControlPlane get() {
    return Started.INSTANCE;
  }

  /** One of its own for a test that changes or removes what is shipped; to be closed. */
  public static ControlPlane another() {
    ControlPlane plane = empty();
    ShippedManifests.applyTo(plane.admin);
    return plane;
  }

  /** One of its own for a test that installs what is shipped in another way; to be closed. */
  public static ControlPlane empty() {
    synchronized (STARTS) {
      return new ControlPlane();
    }
  }

  /** What {@code kubectl kustomize} prints for a folder; no cluster is started. */
  public static CommandResult kustomize(String folder) {
    Path program = ControlPlaneBinaries.folderWith("kubectl").resolve("kubectl");
    return new Kubectl(program, Path.of("none"), Path.of("target")).run("", "kustomize", folder);
  }

  /** A client that may do everything. Shared: do not close it. */
  public KubernetesClient admin() {
    return admin;
  }

  /** Changes the rights of the shipped service account; only of a control plane of one's own. */
  public void editOperatorRole(Consumer<PolicyRule> change) {
    admin
        .rbac()
        .clusterRoles()
        .withName("iris-credential-operator")
        .edit(
            role -> {
              role.getRules().forEach(change);
              return role;
            });
  }

  /** How to connect as the shipped service account, with the shipped rights and no others. */
  public Config operatorConfig() {
    return config(operatorKubeconfig());
  }

  /** {@link #operatorConfig} as a file, for another process. */
  public synchronized Path operatorKubeconfig() {
    if (operatorKubeconfig == null) {
      operatorKubeconfig = programs.kubeconfig("operator", operatorToken());
    }
    return operatorKubeconfig;
  }

  /** The environment of a pod with the shipped rights and these variables, for another process. */
  public Map<String, String> podVariables(Map<String, String> own) {
    Map<String, String> variables = new HashMap<>(own);
    variables.putAll(programs.podVariables("operator", operatorToken()));
    return variables;
  }

  /** How to connect as {@link #ADMIN}, for another process. */
  public Path adminKubeconfig() {
    return programs.adminKubeconfig();
  }

  /**
   * The name of a new, empty namespace with a {@code default} service account, so that Pods can be
   * created in it.
   */
  public String newNamespace() {
    String name = "test-" + namespaces.incrementAndGet();
    var namespace = new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName("default")
            .withNamespace(name)
            .endMetadata()
            .build();
    admin.resource(namespace).create();
    admin.resource(account).create();
    return name;
  }

  /** Runs kubectl as {@link #ADMIN}. */
  public CommandResult kubectl(String... arguments) {
    return kubectl.run("", arguments);
  }

  /** Runs kubectl as {@link #ADMIN} with a text as its standard input, for {@code -f -}. */
  public CommandResult kubectlWithInput(String input, String... arguments) {
    return kubectl.run(input, arguments);
  }

  /** Applies YAML to a namespace as {@link #ADMIN}; an error says why it was refused. */
  public void apply(String namespace, String yaml) {
    CommandResult applied = kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    if (applied.exitCode() != 0) {
      throw new AssertionError(applied.stderr());
    }
  }

  /** Runs a shell script as {@link #ADMIN}. */
  public CommandResult shell(String script) {
    return kubectl.shell(script);
  }

  /** Runs a shell script as {@link #ADMIN}, whose kubectl looks at this namespace. */
  public CommandResult shell(String namespace, String script) {
    return kubectl.shell(namespace, script);
  }

  /** Runs a POSIX shell script as {@link #ADMIN}, whose kubectl has the plugins of this folder. */
  public CommandResult shell(Path plugins, String script) {
    return kubectl.shell(plugins, script);
  }

  public AuditLog audit() {
    return audit;
  }

  /**
   * Starts what deletes objects whose owner is gone, what empties a deleted namespace, and what
   * adds the aggregated roles up. It stays on for all later tests; it needs a second or two to look
   * around first, and up to 30 s more to notice a CRD that is younger than itself.
   */
  public synchronized void startGarbageCollector() {
    if (collectsGarbage) {
      return;
    }
    startControllers(
        "garbage-collector-controller,namespace-controller,clusterrole-aggregation-controller");
    collectsGarbage = true;
  }

  /**
   * Starts what makes ReplicaSets of a Deployment, and pods of those; on one of {@link #another}.
   */
  public void startRollouts() {
    startControllers("deployment-controller,replicaset-controller");
  }

  /** Starts what counts objects for a ResourceQuota; on one of {@link #another}. */
  public void startQuotas() {
    startControllers("resourcequota-controller");
  }

  private void startControllers(String names) {
    programs.startControllers(ControlPlaneBinaries.folderWith("kube-controller-manager"), names);
  }

  /** Stops one of {@link #another}. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    admin.close();
    programs.stop();
  }

  private String operatorToken() {
    var request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(TOKEN_SECONDS)
            .endSpec()
            .build();
    return admin
        .serviceAccounts()
        .inNamespace("iris-system")
        .withName("iris-credential-operator")
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  private static KubernetesClient client(Path kubeconfig) {
    // A request that is sent again unseen would be in the audit log twice.
    Config config =
        new ConfigBuilder(config(kubeconfig))
            .withRequestRetryBackoffLimit(0)
            .withConnectionTimeout((int) START_TIMEOUT.toMillis())
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Config config(Path kubeconfig) {
    return Config.fromKubeconfig(kubeconfig.toFile());
  }
}
