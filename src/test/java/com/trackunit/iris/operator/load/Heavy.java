package com.trackunit.iris.operator.load;

import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialSpec;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Starts the shipped jar, with the flags and the memory of the image, among objects as large as the
 * API server and the schema let in: {@code ./mvnw -Pmeasure -Dexec.mainClass=…load.Heavy}.
 */
final class Heavy {
  private static final int STARTS = Integer.getInteger("starts", 5);
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration SETTLED = Duration.ofSeconds(20);
  private static final int OWNERS = 7000;
  private static final Duration LOOKS = Duration.ofMillis(100);

  /** A scrape of thousands of credentials takes a while, and would be measured too. */
  private static final Duration SCRAPES = Duration.ofSeconds(3);

  private final ControlPlane plane;
  private final FakeAuthorizationServer server;
  private final String namespace;

  private Heavy(ControlPlane plane, FakeAuthorizationServer server) {
    this.plane = plane;
    this.server = server;
    namespace = plane.newNamespace();
  }

  /**
   * The arguments: {@code owners FAT ORDINARY}, {@code tokens NUMBER}, {@code templates NUMBER},
   * {@code few NUMBER}, or {@code churn NUMBER}: as many credentials, each with a login of its own,
   * made and deleted twice.
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    try (ControlPlane plane = ControlPlane.another();
        FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      OperatorProcess.train();
      Heavy heavy = new Heavy(plane, server);
      int number = Integer.parseInt(arguments[1]);
      switch (arguments[0]) {
        case "owners" -> heavy.owners(number, Integer.parseInt(arguments[2]));
        case "tokens" -> heavy.tokens(number);
        case "templates" -> heavy.templates(number);
        case "few" -> heavy.few(number);
        case "churn" -> heavy.churn(number);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  private void owners(int fat, int ordinary) {
    tokensOf(1500);
    Crowd.create(plane, namespace, ordinary);
    if (!Boolean.getBoolean("cold")) {
      start("fill", ordinary);
    }
    plane.kubectl("delete", "--filename=deploy/base/credential-metadata.yaml");
    // The API server forgets the policy a moment later.
    await().ignoreExceptions().untilAsserted(() -> fat(0));
    // One by one: each takes the API server a while.
    IntStream.range(1, fat).forEach(this::fat);
    restarts(ordinary);
  }

  private void tokens(int number) {
    tokensOf(64 * 1024);
    Crowd.create(plane, namespace, number);
    start("fill", number);
    restarts(number);
  }

  private void templates(int number) {
    tokensOf(1500);
    Crowd.create(plane, namespace, 1);
    Crowd.each(number, this::templated);
    start("fill", number + 1);
    restarts(number + 1);
  }

  private void few(int number) {
    tokensOf(1500);
    Crowd.create(plane, namespace, number);
    IntStream.rangeClosed(0, STARTS).forEach(i -> light(number));
  }

  private void light(int number) {
    Instant began = Instant.now();
    try (OperatorProcess operator = process()) {
      reached("few", operator, began, LOOKS, () -> operator.isReady());
      reached("few, all served", operator, began, SCRAPES, () -> served(operator) >= number);
      await().pollDelay(SETTLED).atMost(SETTLED.plusSeconds(5)).until(() -> true);
      System.err.printf(
          "few: %d MiB resident, %d anonymous, cpu %d ms%n",
          operator.mebibytes("VmRSS"), operator.mebibytes("RssAnon"), operator.cpu().toMillis());
    }
  }

  private void churn(int number) {
    tokensOf(1500);
    Instant began = Instant.now();
    try (OperatorProcess operator = process()) {
      reached("churn", operator, began, LOOKS, operator::isReady);
      heap("before", operator);
      for (int round = 1; round <= 2; round++) {
        Crowd.each(number, this::ownLogin);
        reached("made", operator, began, SCRAPES, () -> served(operator) >= number);
        heap("made " + round, operator);
        plane.admin().resources(IrisCredential.class).inNamespace(namespace).delete();
        plane.admin().secrets().inNamespace(namespace).delete();
        reached("deleted", operator, began, SCRAPES, () -> served(operator) == 0);
        heap("deleted " + round, operator);
      }
    }
  }

  private void ownLogin(int i) {
    plane.admin().resource(Crowd.login(namespace, i)).create();
    IrisCredential credential = credential("own-%05d".formatted(i));
    credential.setSpec(
        plane
            .admin()
            .getKubernetesSerialization()
            .unmarshal(
                "{credentialsSecretRef: {name: login-%d}}".formatted(i), IrisCredentialSpec.class));
    plane.admin().resource(credential).create();
  }

  private static void heap(String what, OperatorProcess operator) {
    await().pollDelay(SETTLED).atMost(SETTLED.plusSeconds(5)).until(() -> true);
    System.err.printf(
        "%s: live heap %.1f MiB, %d MiB resident%n",
        what, operator.liveHeap() / 1048576.0, operator.mebibytes("VmRSS"));
  }

  private void tokensOf(int length) {
    server.answer(
        question -> {
          FakeAuthorizationServer.Answer granted = server.grant(Duration.ofHours(1));
          return FakeAuthorizationServer.Answer.json(
              200, granted.body().replace("token-", "x".repeat(length - 16) + "-"));
        });
  }

  private void fat(int i) {
    IrisCredential credential = credential("fat-%05d".formatted(i));
    credential
        .getMetadata()
        .setOwnerReferences(IntStream.range(0, OWNERS).mapToObj(Heavy::owner).toList());
    plane.admin().resource(credential).create();
  }

  private static OwnerReference owner(int i) {
    return new OwnerReferenceBuilder()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName("owner-%06d".formatted(i))
        .withUid("00000000-0000-0000-0000-%012d".formatted(i))
        .build();
  }

  private void templated(int i) {
    String data =
        IntStream.range(0, 8)
            .mapToObj(
                key -> "k%d: '%s{{access_token}}'".formatted(key, "ж".repeat(4060) + i + "-" + key))
            .collect(Collectors.joining(", "));
    plane
        .admin()
        .resource(
            plane
                .admin()
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: iris.trackunit.com/v1
                    kind: IrisCredential
                    metadata: {name: templated-%05d, namespace: %s}
                    spec: {credentialsSecretRef: {name: login-0}, targetSecret: {data: {%s}}}
                    """
                        .formatted(i, namespace, data),
                    IrisCredential.class))
        .create();
  }

  private IrisCredential credential(String name) {
    return plane
        .admin()
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: iris.trackunit.com/v1
            kind: IrisCredential
            metadata: {name: %s, namespace: %s}
            spec: {credentialsSecretRef: {name: login-0}, suspend: true}
            """
                .formatted(name, namespace),
            IrisCredential.class);
  }

  private void restarts(int served) {
    IntStream.rangeClosed(1, STARTS).forEach(i -> start("start " + i, served));
    relist(served);
  }

  private void start(String what, int served) {
    Instant began = Instant.now();
    try (OperatorProcess operator = process()) {
      reached(what, operator, began, LOOKS, () -> operator.isReady());
      reached(what + ", all served", operator, began, SCRAPES, () -> served(operator) >= served);
      end(what, operator);
    } catch (IllegalStateException e) {
      System.err.println(what + ": " + e.getMessage());
    }
  }

  private void relist(int served) {
    Instant began = Instant.now();
    try (OperatorProcess operator = process()) {
      reached("relist", operator, began, SCRAPES, () -> served(operator) >= served);
      IntStream.rangeClosed(1, 2)
          .forEach(
              i -> {
                plane.restartApiServer();
                Instant restarted = Instant.now();
                int granted = server.granted();
                Crowd.requestRenewal(plane.admin(), namespace, 0, restarted);
                reached(
                    "relist " + i + ", renewed",
                    operator,
                    restarted,
                    LOOKS,
                    () -> server.granted() > granted);
              });
      end("relist", operator);
    } catch (IllegalStateException e) {
      System.err.println("relist: " + e.getMessage());
    }
  }

  private static void end(String what, OperatorProcess operator) {
    await().pollDelay(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(9)).until(() -> true);
    System.err.printf(
        "%s: at most %d MiB resident, live heap %.1f MiB, cpu %.1f s%n",
        what,
        operator.mebibytes("VmHWM"),
        operator.liveHeap() / 1048576.0,
        operator.cpu().toMillis() / 1000.0);
    operator.terminate();
    operator.isGoneWithin(PATIENCE);
  }

  private OperatorProcess process() {
    return Crowd.start(plane, server, namespace);
  }

  private static long served(OperatorProcess operator) {
    return operator
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("iris_credential_ready{") && line.endsWith(" 1.0"))
        .count();
  }

  private static void reached(
      String what,
      OperatorProcess operator,
      Instant began,
      Duration interval,
      BooleanSupplier goal) {
    try {
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(interval)
          .until(() -> operator.isGoneWithin(Duration.ZERO) || goal.getAsBoolean());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("not reached", e);
    }
    if (operator.isGoneWithin(Duration.ZERO)) {
      List<String> last = operator.printed().lines().toList();
      throw new IllegalStateException(
          "ended with %d after %.1f s: %s"
              .formatted(
                  operator.exitCode(),
                  Duration.between(began, Instant.now()).toMillis() / 1000.0,
                  last.isEmpty() ? "" : last.getLast()));
    }
    System.err.printf(
        "%s: %.1f s%n", what, Duration.between(began, Instant.now()).toMillis() / 1000.0);
  }
}
