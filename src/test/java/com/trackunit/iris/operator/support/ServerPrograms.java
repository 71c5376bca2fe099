package com.trackunit.iris.operator.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The running programs of a control plane, the folder they write to, and the kubeconfigs that reach
 * them.
 *
 * <p>They are started here and not by kube-api-test's {@code KubeAPIServer}: that one takes its
 * programs from one place only, keeps its port to itself, leaves etcd behind when the JVM is
 * killed, and writes certificates that expire into the user's home. The API server makes its own
 * serving certificate and knows its administrators by token, so there is no certificate left to
 * make.
 */
final class ServerPrograms {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final String CONTROLLERS = "controllers";

  private final Path folder = newFolder();
  private final List<Integer> ports = FreePorts.next(3);
  private final String adminToken = UUID.randomUUID().toString();
  private final String controllersToken = UUID.randomUUID().toString();
  // The shutdown hook may read while a start still adds.
  private final List<ChildProgram> running = new CopyOnWriteArrayList<>();

  /**
   * Starts etcd and the API server; returns when the latter has written its certificate, which is
   * before it is ready.
   */
  void startApiServer(Path binaries) {
    write("tokens.csv", tokens());
    write("audit-policy.yaml", AuditLog.POLICY);
    write("service-accounts.key", privateKey());
    start(binaries.resolve("etcd"), etcdArguments());
    start(binaries.resolve("kube-apiserver"), apiServerArguments());
    await("certificate of the API server")
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        // The key is written after the certificate.
        .until(() -> allAlive() && Files.exists(folder.resolve("apiserver.key")));
  }

  /**
   * Stops the API server and etcd and starts them again; what {@code meanwhile} does comes between.
   */
  void restartApiServer(Path binaries, Runnable meanwhile) {
    running.reversed().forEach(ChildProgram::stop);
    running.clear();
    meanwhile.run();
    start(binaries.resolve("etcd"), etcdArguments());
    start(binaries.resolve("kube-apiserver"), apiServerArguments());
    await("certificate of the API server")
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> allAlive() && Files.exists(folder.resolve("apiserver.key")));
  }

  /** Keeps what etcd holds now; to be called while it is stopped. */
  void backUp() {
    copy(folder.resolve("etcd"), folder.resolve("backup"));
  }

  /** Gives etcd what was kept; to be called while it is stopped. */
  void restore() {
    delete(folder.resolve("etcd"));
    copy(folder.resolve("backup"), folder.resolve("etcd"));
  }

  /** Removes the serving certificate, so that the next start makes another; its file is the CA. */
  void forgetCertificate() {
    delete(folder.resolve("apiserver.crt"));
    delete(folder.resolve("apiserver.key"));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts controllers by their names, with commas between. */
  void startControllers(Path binaries, String names) {
    Path kubeconfig = kubeconfig(CONTROLLERS, controllersToken);
    start(
        binaries.resolve("kube-controller-manager"),
        List.of(
            "--kubeconfig=" + kubeconfig,
            "--controllers=" + names,
            "--leader-elect=false",
            "--secure-port=0"));
  }

  /** True, or throws with the last words of the program that ended. */
  boolean allAlive() {
    running.forEach(ChildProgram::requireAlive);
    return true;
  }

  Path folder() {
    return folder;
  }

  Path auditLog() {
    return folder.resolve("audit.log");
  }

  Path adminKubeconfig() {
    return kubeconfig(ControlPlane.ADMIN, adminToken);
  }

  Path kubeconfig(String user, String token) {
    return write(
        user + ".kubeconfig",
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: %1$s}}]
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:%2$d", certificate-authority: "%3$s"}}]
        users: [{name: %1$s, user: {token: "%4$s"}}]
        """
            .formatted(user, ports.get(0), folder.resolve("apiserver.crt"), token));
  }

  /** What a pod of this user would have in its environment. */
  Map<String, String> podVariables(String user, String token) {
    return Map.of(
        "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
        "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", write(user + ".token", token).toString(),
        "KUBERNETES_CERTS_CA_FILE", folder.resolve("apiserver.crt").toString(),
        "KUBERNETES_SERVICE_HOST", "127.0.0.1",
        "KUBERNETES_SERVICE_PORT", String.valueOf(ports.get(0)));
  }

  void stop() {
    running.reversed().forEach(ChildProgram::stop);
    delete(folder);
  }

  private void start(Path program, List<String> arguments) {
    running.add(ChildProgram.start(program, folder, arguments));
  }

  private List<String> etcdArguments() {
    String peer = "http://127.0.0.1:" + ports.get(2);
    return List.of(
        "--data-dir=" + folder.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=warn",
        "--listen-client-urls=" + etcd(),
        "--advertise-client-urls=" + etcd(),
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private List<String> apiServerArguments() {
    return List.of(
        "--etcd-servers=" + etcd(),
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--secure-port=" + ports.get(0),
        "--cert-dir=" + folder,
        "--authorization-mode=RBAC",
        "--token-auth-file=" + folder.resolve("tokens.csv"),
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + folder.resolve("service-accounts.key"),
        "--service-account-signing-key-file=" + folder.resolve("service-accounts.key"),
        "--audit-policy-file=" + folder.resolve("audit-policy.yaml"),
        "--audit-log-path=" + auditLog(),
        "--audit-log-mode=blocking",
        // A position in the log must stay good: no rotation at the default of 100 MB.
        "--audit-log-maxsize=4096");
  }

  private String etcd() {
    return "http://127.0.0.1:" + ports.get(1);
  }

  private String tokens() {
    String row = "%s,%s,%s,system:masters%n";
    return row.formatted(adminToken, ControlPlane.ADMIN, ControlPlane.ADMIN)
        + row.formatted(controllersToken, CONTROLLERS, CONTROLLERS);
  }

  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newFolder() {
    try {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      return Files.createTempDirectory(target, "control-plane-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
