package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person gets who types {@code kubectl iris}: kubectl itself finds and runs the script. */
class KubectlPluginIT {
  private static final Path FOLDER = Path.of("deploy/kubectl").toAbsolutePath();

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final MovableClock clock = new MovableClock();

  @AfterEach
  void close() {
    plane.admin().resources(IrisCredential.class).inNamespace(namespace).delete();
    server.close();
  }

  @Test
  void listsTheWorstFirst() {
    createCredential("a-good");
    status("a-good", "True TokenValid", "True Succeeded", token("PT47H30M30S", "PT5H20M30S"));
    createCredential("b-failing");
    status(
        "b-failing",
        "True TokenValid",
        "False EndpointUnavailable",
        token("PT10M30S", "-PT3H10M10S")
            + failure("EndpointUnavailable", "-PT2H4M10S", "PT4H2M30S"));
    createCredential("c-expired");
    status(
        "c-expired",
        "False TokenExpired",
        "False CredentialsRejected",
        token("-PT26H10M10S", "-PT27H10M10S")
            + failure("CredentialsRejected", "-PT1H0M10S", "-PT5S"));
    createCredential("d-new");

    assertThat(lines(iris("status -n " + namespace)))
        .satisfiesExactly(
            line ->
                assertThat(words(line))
                    .isEqualTo(
                        "NAMESPACE NAME READY REASON EXPIRES-IN RENEWS-IN LAST-FAILURE NEXT-TRY"),
            line ->
                assertThat(words(line))
                    .isEqualTo(
                        namespace
                            + " c-expired False TokenExpired 1d2h ago 1d3h ago CredentialsRejected 1h0m ago now"),
            line -> assertThat(words(line)).isEqualTo(namespace + " d-new Unknown - - - - -"),
            line ->
                assertThat(words(line))
                    .matches(
                        namespace
                            + " b-failing True TokenValid (9|10)m\\d+s 3h10m ago EndpointUnavailable 2h4m ago in 4h2m"),
            line ->
                assertThat(words(line))
                    .isEqualTo(namespace + " a-good True TokenValid 1d23h 5h20m - -"));
  }

  @Test
  void putsWhatNobodyServesFirst() {
    createCredential("a-missing");
    status("a-missing", "False NoToken", "False CredentialsRejected", "");
    createCredential("b-unserved");
    status("b-unserved", "True TokenValid", "True Succeeded", token("-PT26H10M10S", "-PT27H"));

    CommandResult told = iris("status -n " + namespace);

    assertThat(lines(told).get(1)).startsWith(namespace);
    assertThat(words(lines(told).get(1)))
        .isEqualTo(namespace + " b-unserved False* NotServed 1d2h ago 1d3h ago - -");
    assertThat(told.stderr())
        .isEqualTo(
            "NotServed: no operator has looked since (by the clock of this machine). kubectl iris check says why.\n");
    assertThat(iris("status b-unserved -n " + namespace).stdout())
        .contains("Ready:         False*, NotServed", "What to do:    kubectl iris check -n ");
    assertThat(iris("check -n " + namespace).stdout())
        .contains("FAIL  Nobody serves " + namespace + "/b-unserved.");
  }

  @Test
  void listsThreeHundredCredentialsOfOneRefusedLogin() {
    StringBuilder all = new StringBuilder();
    for (int i = 100; i < 400; i++) {
      all.append(
          """
          ---
          apiVersion: iris.trackunit.com/v1
          kind: IrisCredential
          metadata: {name: a-credential-with-a-long-name-%d}
          spec: {credentialsSecretRef: {name: login}}
          """
              .formatted(i));
    }
    apply(all.toString());
    plane
        .admin()
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(
            credential ->
                plane
                    .admin()
                    .resource(credential)
                    .subresource("status")
                    .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"conditions\": [%s]}}"
                            .formatted(condition("Renewed", "False CredentialsRejected"))));

    List<String> errors = lines(iris("login-errors -n " + namespace));
    List<String> logins = lines(iris("logins -n " + namespace));

    for (List<String> told : List.of(errors, logins)) {
      assertThat(told).hasSize(2);
      assertThat(told.getFirst()).hasSizeLessThan(200);
      assertThat(told.getLast().split(",")).hasSize(300);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n=%s", "-n%s", "--namespace %s", "-A=false --namespace=%s"})
  void takesOptionsAndNamesAsKubectlDoes(String option) {
    createCredential("fleet");

    assertThat(lines(iris("status " + option.formatted(namespace)))).hasSize(2);
    assertThat(iris("renew iriscred/fleet " + option.formatted(namespace)).stdout())
        .isEqualTo("A renewal of fleet is requested.\n");
  }

  @Test
  void everythingAboutOne() {
    login();
    createCredential("fleet");
    createCredential("second");
    status(
        "fleet",
        "True TokenValid",
        "False EndpointUnavailable",
        token("PT10M30S", "-PT3H10M10S")
            + failure("EndpointUnavailable", "-PT2H4M10S", "PT4H2M30S"));

    CommandResult told = iris("status fleet -n " + namespace);

    assertThat(lines(told).stream().map(KubectlPluginIT::words))
        .anyMatch(line -> line.equals("Credential: " + namespace + "/fleet"))
        .contains("Ready: True, TokenValid", "This is why: EndpointUnavailable.")
        .contains("Target: Secret fleet-token", "Login: Secret login, used by fleet,second")
        .anyMatch(line -> line.startsWith("its renewal has been due for 3h10m ("))
        .anyMatch(line -> line.matches("expires in (9|10)m\\d+s \\(.*Z\\)"))
        .contains("Last failure: EndpointUnavailable 2h4m ago, 1 in a row")
        .anyMatch(line -> line.startsWith("What to do: what Renewed says"));
    assertThat(iris("status nobody -n " + namespace))
        .isEqualTo(
            new CommandResult(
                1,
                "",
                "kubectl iris: There is no IrisCredential nobody in namespace %s.\n"
                    .formatted(namespace)));
  }

  static Stream<String> shells() {
    return Stream.of("dash", "bash", "busybox");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void everyVerbInEveryShell(String shell, @TempDir Path plugins) throws IOException {
    inShell(shell, plugins);
    login();
    for (String name : List.of("fleet", "report", "sync")) {
      createCredential(name);
    }
    try (RunningOperator _ = operator()) {
      for (String name : List.of("fleet", "report", "sync")) {
        awaitToken(name);
      }
      String in = " -n " + namespace;
      assertThat(typed(plugins, "status -o wide" + in).lines().map(KubectlPluginIT::words))
          .hasSize(4)
          .anyMatch(
              line -> line.matches(".* fleet True TokenValid .* login Password fleet-token -"));
      assertThat(typed(plugins, "status fleet" + in)).contains("What to do:    nothing");
      assertThat(words(typed(plugins, "logins" + in)))
          .contains(namespace + " login 3/3 - fleet,report,sync");
      assertThat(typed(plugins, "login-errors" + in)).isEmpty();
      typed(plugins, "suspend sync" + in);
      assertThat(typed(plugins, "renew --all --wait --timeout=1m" + in))
          .isEqualTo(
              "Renewals requested: 2. 1 suspended, left out.\n2 renewed, 0 failed, 0 not yet acted on.\n");
      assertThat(typed(plugins, "resume --all" + in)).isEqualTo("Resumed: 3.\n");
      assertThat(typed(plugins, "renew -l app=nothing" + in)).isEmpty();
      assertThat(typed(plugins, "renew fleet report" + in)).isEqualTo("Renewals requested: 2.\n");
      assertThat(typed(plugins, "suspend fleet" + in)).startsWith("fleet is suspended: ");
      assertThat(typed(plugins, "check" + in + " || :"))
          .contains("ok    You may change credentials (renew, suspend) in namespace " + namespace)
          .contains("ok    Every credential in namespace " + namespace + " is served.");
      assertThat(typed(plugins, "version || :")).startsWith("kubectl-iris ");
      assertThat(typed(plugins, "__complete renew" + in + " ''"))
          .isEqualTo("fleet\nreport\nsync\n:4\n");
    }
  }

  @Test
  void completesInEveryShellThatKubectlKnows(@TempDir Path plugins) throws IOException {
    inShell("dash", plugins);
    createCredential("fleet");

    CommandResult completed =
        plane.shell(
            plugins,
            """
            kubectl iris completion >%1$s/kubectl_complete-iris
            chmod +x %1$s/kubectl_complete-iris
            kubectl __complete iris sta 2>/dev/null
            kubectl __complete iris renew -n %2$s '' 2>/dev/null
            kubectl __complete iris renew -n '' 2>/dev/null
            """
                .formatted(plugins, namespace));

    assertThat(completed.stdout().lines())
        .contains("status", "login-errors", "fleet", namespace, ":4")
        .doesNotContain("__complete");
  }

  /** A plugin that this shell runs, with the tools that come with it. */
  private void inShell(String shell, Path plugins) throws IOException {
    String program = shell;
    if (shell.equals("busybox")) {
      program = plane.shell("bash src/test/busybox/install").stdout().strip();
      for (String tool : List.of("awk", "sort", "cut", "date", "sleep")) {
        Files.copy(Path.of(program), plugins.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
      }
      program += " sh";
    }
    Path plugin =
        Files.writeString(
            plugins.resolve("kubectl-iris"),
            "#!/bin/sh\nexec %s %s/kubectl-iris \"$@\"\n".formatted(program, FOLDER));
    assertThat(plugin.toFile().setExecutable(true)).isTrue();
  }

  private String typed(Path plugins, String arguments) {
    CommandResult result = plane.shell(plugins, "kubectl iris " + arguments);
    assertThat(result.exitCode()).as(arguments + ": " + result.stderr()).isZero();
    return result.stdout();
  }

  @Test
  void alignsTheColumns() {
    createCredential("short");
    createCredential("a-name-that-is-longer-than-the-heading");

    List<String> lines = lines(iris("status --namespace=" + namespace));

    int column = lines.getFirst().indexOf("READY");
    assertThat(lines.subList(1, 3)).allMatch(line -> line.startsWith("Unknown", column));
    assertThat(lines).noneMatch(line -> line.contains("\t"));
  }

  @Test
  void listsEveryNamespaceAndWhoIsSuspended() {
    createCredential("fleet");
    status("fleet", "True TokenValid", "False Suspended", token("PT5H20M30S", "PT2H20M30S"));
    assertThat(iris("suspend fleet -n " + namespace).exitCode()).isZero();

    assertThat(lines(iris("status -A")).stream().map(KubectlPluginIT::words))
        .contains(namespace + " fleet True TokenValid 5h20m 2h20m - suspended");
  }

  @ParameterizedTest
  @CsvSource({
    "status,There is no IrisCredential in namespace",
    "login-errors,No login is refused in namespace"
  })
  void saysThatThereIsNothing(String command, String sentence) {
    assertThat(iris(command + " -n " + namespace))
        .isEqualTo(new CommandResult(0, "", sentence + " " + namespace + ".\n"));
  }

  @Test
  void waitsForTheRenewedToken() {
    try (RunningOperator _ = operator()) {
      issued();

      CommandResult renewed = iris("renew fleet -n " + namespace + " --wait --timeout=30s");

      assertThat(renewed).isEqualTo(new CommandResult(0, "The token of fleet was renewed.\n", ""));
      assertThat(server.granted()).isEqualTo(2);
      assertThat(credential("fleet").getStatus().lastHandledRenewRequest())
          .isEqualTo(request("fleet"));
    }
  }

  @Test
  void saysWhyNoTokenCame() {
    try (RunningOperator _ = operator()) {
      issued();
      server.answer(question -> Answer.json(503, ""));

      CommandResult failed = iris("renew fleet -n " + namespace + " --wait");

      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(failed.stdout()).isEmpty();
      assertThat(failed.stderr())
          .startsWith("kubectl iris: The authorization server is not available (");
    }
  }

  @Test
  void saysWhatStandsInTheWayWhenTheTimeIsOver() {
    createCredential("fleet");
    assertThat(iris("renew fleet -n " + namespace + " --wait --timeout=1s"))
        .isEqualTo(
            new CommandResult(
                1,
                "",
                "kubectl iris: The operator has not acted within 1s. No operator has looked at fleet yet.\n"));

    status("fleet", "True TokenValid", "False Suspended", token("PT1H", "PT1H"));

    assertThat(iris("renew fleet -n " + namespace + " --wait --timeout 1s").stderr())
        .isEqualTo("kubectl iris: The operator has not acted within 1s. This is why: Suspended.\n");
  }

  @Test
  void requestsAnotherRenewalEachTime() {
    createCredential("fleet");
    assertThat(iris("renew fleet -n " + namespace))
        .isEqualTo(new CommandResult(0, "A renewal of fleet is requested.\n", ""));
    String first = request("fleet");

    iris("renew fleet -n " + namespace);

    assertThat(first).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ-\\d+");
    assertThat(request("fleet")).isNotEqualTo(first);
  }

  @Test
  void suspendsAndResumes() {
    createCredential("fleet");

    assertThat(iris("suspend fleet -n " + namespace).stdout()).startsWith("fleet is suspended: ");
    assertThat(credential("fleet").getSpec().suspend()).isTrue();
    assertThat(iris("resume fleet -n " + namespace).stdout()).isEqualTo("fleet is resumed.\n");
    assertThat(credential("fleet").getSpec().suspend()).isFalse();
  }

  @Test
  void namesWhoSharesARefusedLogin() {
    server.answer(question -> Answer.error(401, "invalid_client"));
    login();
    createCredential("later");
    iris("suspend later -n " + namespace);
    createCredential("fleet");
    createCredential("second");
    try (RunningOperator _ = operator()) {
      for (String name : List.of("fleet", "second")) {
        await(name).until(() -> renewal(name), "CredentialsRejected"::equals);
      }

      List<String> lines = lines(iris("login-errors -n " + namespace));

      assertThat(words(lines.getFirst()))
          .isEqualTo(
              "NAMESPACE SECRET GRANT-TYPE REFUSED FOR NEXT-TRY CREDENTIALS NOT-YET-REFUSED");
      assertThat(lines).hasSize(2);
      assertThat(words(lines.getLast()))
          .matches(namespace + " login Password 1 \\S+ in \\d+m\\d+s fleet,second later");
      assertThat(lines(iris("login-errors -A")).stream().map(KubectlPluginIT::words))
          .anyMatch(line -> line.startsWith(namespace + " login Password 1 "));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "show                        | There is no command \"show\".",
        "status fleet second         | status takes one name.",
        "status fleet -o wide        | status of one credential takes neither -A nor -l nor -o.",
        "status -o json              | \"json\" is no output of status: take wide, or kubectl get iriscred -o json.",
        "status -A=maybe             | --all-namespaces is true or false, not \"maybe\".",
        "logins fleet                | logins takes no name: \"fleet\".",
        "logins -o wide              | -o is for status.",
        "status -A -n default        | -A and -n exclude each other.",
        "status --all                | --all is for renew, suspend and resume.",
        "status --every              | There is no option \"--every\".",
        "status -n                   | -n needs a value.",
        "status --namespace=         | --namespace needs a value.",
        "status --wait               | --wait and --timeout are for renew.",
        "renew                       | renew needs the name of a credential, or --all, or -l.",
        "renew fleet --all           | Names exclude --all and -l.",
        "renew fleet -A              | A name is in one namespace: -A cannot be used.",
        "renew ../fleet              | \"../fleet\" cannot be the name of a credential.",
        "renew fleet --timeout=1m    | --timeout needs --wait.",
        "renew fleet --wait --timeout=1d  | \"1d\" is no duration: write it as 90s or 5m.",
        "renew fleet --wait --timeout=0s  | The duration \"0s\" is nothing.",
        "suspend                     | suspend needs the name of a credential, or --all, or -l.",
        "resume deployment/fleet     | \"deployment/fleet\" cannot be the name of a credential.",
        "resume Fleet                | \"Fleet\" cannot be the name of a credential."
      })
  void refusesAMistakeWithASentence(String arguments, String sentence) {
    assertThat(iris(arguments))
        .isEqualTo(
            new CommandResult(2, "", "kubectl iris: " + sentence + " See kubectl iris --help.\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"renew nobody", "renew nobody --wait", "suspend nobody", "resume nobody"})
  void failsForACredentialThatDoesNotExist(String arguments) {
    CommandResult failed = iris(arguments + " -n " + namespace);

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.stdout()).isEmpty();
    assertThat(failed.stderr()).contains("\"nobody\" not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "login-errors", "renew fleet", "suspend fleet"})
  void failsWithoutAnApiServer(String arguments) {
    CommandResult failed = iris(arguments + " --server=https://127.0.0.1:1 --request-timeout=5s");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.stdout()).isEmpty();
    assertThat(failed.stderr()).contains("127.0.0.1:1");
  }

  @Test
  void failsForAContextThatDoesNotExistWhateverItsName() {
    assertThat(iris("status --context 'no such'").stderr()).contains("no such");
  }

  @Test
  void saysThatKubectlIsMissing() {
    assertThat(plane.shell("PATH=/nonexistent %s/kubectl-iris status".formatted(FOLDER)))
        .isEqualTo(new CommandResult(1, "", "kubectl iris: kubectl is not in PATH.\n"));
  }

  @Test
  void tellsItsVersionAndItsCommands() throws IOException {
    String version =
        Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)<.*", "$1");
    assertThat(iris("--version"))
        .isEqualTo(new CommandResult(0, "kubectl-iris " + version + "\n", ""));
    assertThat(iris("--help").stdout())
        .contains("\n  status ", "\n  login-errors ", "\n  renew ", "\n  suspend ", "\n  resume ")
        .contains("\n  logins ", "\n  check ", "\n  version ", "\n  completion ")
        .isEqualTo(iris("").stdout());
    Map<?, ?> manifest =
        Serialization.unmarshal(Files.readString(FOLDER.resolve("iris.yaml")), Map.class);
    assertThat(manifest.get("spec")).hasFieldOrPropertyWithValue("version", "v" + version);
  }

  @Test
  void doesWhatThePageTells(@TempDir Path bin) {
    login();
    createCredential("fleet-sync");
    String typed =
        Docs.steps("## Ask and act with kubectl iris")
            .map(Docs.Block::text)
            .collect(Collectors.joining())
            .replace("sudo ", "")
            .replace("/usr/local/bin", bin.toString())
            .replace("integrations", namespace)
            // No Deployment here: these two fail.
            .replaceAll("(?m)^(kubectl iris (check|version).*)$", "$1 || :");
    try (RunningOperator _ = operator()) {
      awaitToken("fleet-sync");

      CommandResult done = plane.shell(bin, typed);

      assertThat(done.exitCode()).as(done.stderr()).isZero();
      assertThat(done.stdout())
          .contains("READY", "The token of fleet-sync was renewed.", "fleet-sync is resumed.")
          .contains("fleet-sync is suspended", "kubectl-iris ");
      String ofTheRunbook = Docs.command("kubectl iris suspend NAME -n NS");
      String suspend = ofTheRunbook.replace("NAME", "fleet-sync").replace("NS", namespace);
      assertThat(plane.shell(bin, suspend).stdout()).startsWith("fleet-sync is suspended");
    }
  }

  private CommandResult iris(String arguments) {
    return plane.shell(FOLDER, "kubectl iris " + arguments);
  }

  private RunningOperator operator() {
    return RunningOperator.start(plane, namespace, server.url(), clock);
  }

  /** {@code fleet} with a token, so old that another one may be requested. */
  private void issued() {
    login();
    createCredential("fleet");
    awaitToken("fleet");
  }

  private void awaitToken(String name) {
    await(name).until(() -> credential(name).statusOrNone().token() != null);
    clock.move(RenewalPlanner.MINIMUM_INTERVAL.plusSeconds(1));
  }

  private void login() {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: someone, password: secret, client_id: app, client_secret: hush}
        """);
  }

  private void createCredential(String name) {
    apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: {credentialsSecretRef: {name: login}}
        """
            .formatted(name));
  }

  private void apply(String yaml) {
    assertThat(plane.kubectlWithInput(yaml, "create", "-n", namespace, "-f", "-").stderr())
        .isEmpty();
  }

  /** Writes what an operator would; {@code more} begins with a comma. */
  private void status(String name, String ready, String renewed, String more) {
    String patch =
        "{\"status\": {\"observedGeneration\": 1, \"conditions\": [%s, %s]%s}}"
            .formatted(condition("Ready", ready), condition("Renewed", renewed), more);
    assertThat(
            plane
                .kubectl(
                    "patch",
                    "iriscred",
                    name,
                    "-n",
                    namespace,
                    "--subresource=status",
                    "--type=merge",
                    "-p",
                    patch)
                .stderr())
        .isEmpty();
  }

  private static String condition(String type, String statusAndReason) {
    String[] words = statusAndReason.split(" ");
    return """
        {"type": "%s", "status": "%s", "reason": "%s", "message": "This is why: %s.", "observedGeneration": 1, "lastTransitionTime": "%s"}"""
        .formatted(type, words[0], words[1], words[1], from("PT0S"));
  }

  private static String token(String expiry, String renewal) {
    return """
        , "token": {"issuedAt": "%s", "expiresAt": "%s", "renewAt": "%s", "scope": "api"}"""
        .formatted(from("-PT30H"), from(expiry), from(renewal));
  }

  private static String failure(String reason, String last, String next) {
    return """
        , "failures": {"count": 1, "class": "Transient", "requestHash": "a", "reason": "%s", "lastTime": "%s", "nextAttemptTime": "%s"}"""
        .formatted(reason, from(last), from(next));
  }

  /** So long from now, as the API server writes it. */
  private static String from(String duration) {
    return Instant.now().plus(Duration.parse(duration)).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private IrisCredential credential(String name) {
    return plane
        .admin()
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .withName(name)
        .require();
  }

  private String renewal(String name) {
    return credential(name).statusOrNone().condition("Renewed").map(Condition::reason).orElse("");
  }

  private String request(String name) {
    return credential(name)
        .getMetadata()
        .getAnnotations()
        .get("iris.trackunit.com/renew-requested-at");
  }

  private static List<String> lines(CommandResult result) {
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout().lines().toList();
  }

  private static String words(String line) {
    return line.strip().replaceAll(" +", " ");
  }
}
