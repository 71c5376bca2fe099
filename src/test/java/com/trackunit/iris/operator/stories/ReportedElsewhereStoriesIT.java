package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What users of other operators and clients reported, tried here. */
class ReportedElsewhereStoriesIT {
  private static final Duration LIFE = Duration.ofHours(1);

  @RegisterExtension private final Story story = new Story();

  /** github.com/wso2/api-manager/issues/773, googleapis/google-auth-library-python/pull/581. */
  @Test
  void aServerThatRepeatsATokenUntilItsEndIsNotAskedAgainAndAgain() {
    Instant end = story.now().plus(LIFE);
    story
        .server()
        .answer(
            question -> {
              long left = Duration.between(story.now(), end).toSeconds();
              return left <= 0
                  ? story.server().grant(LIFE)
                  : Answer.json(
                      200,
                      "{\"token_type\":\"Bearer\",\"access_token\":\"same\",\"expires_in\":%d}"
                          .formatted(left));
            });
    story.issued();

    // A reconciliation every two minutes, which is more than there are without events.
    while (story.now().isBefore(end)) {
      story.moveClock(Duration.ofMinutes(2));
      double before = reconciliations();
      story.poke();
      await().until(() -> reconciliations() > before);
    }
    await().until(() -> story.token(Story.TARGET).startsWith("token-"));

    assertThat(story.requests()).isLessThan(20);
  }

  /** github.com/hashicorp/vault-secrets-operator/issues/1212. */
  @Test
  void aSecretWithoutTheOperatorsLabelsIsLabelledOnceAndNotWrittenForEver() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);
    long mark = story.mark();

    story.patchSecret(Story.TARGET, "{metadata: {labels: null}}");

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getMetadata().getLabels() != null);
    for (int look = 0; look < 5; look++) {
      story.pass(Story.MINIMUM_INTERVAL);
    }
    await()
        .during(Story.A_WHILE)
        .untilAsserted(
            () ->
                assertThat(story.calls(mark))
                    .filteredOn("patch secrets/fleet-token"::equals)
                    .hasSize(1));
    assertThat(story.requests()).isEqualTo(1);
  }

  /** github.com/external-secrets/external-secrets/issues/162. */
  @Test
  void somebodyWhoWritesTheCredentialAllTheTimeCostsNoTokens() throws Exception {
    story.issued();
    AtomicBoolean go = new AtomicBoolean(true);
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; go.get(); i++) {
                    story.patchCredential(
                        "{metadata: {annotations: {touched: '%d'}}}".formatted(i));
                  }
                });

    story.pass(Story.UNTIL_DUE);

    await().until(() -> story.token(Story.TARGET).equals("token-2"));
    await()
        .until(
            () ->
                story.status(Story.FLEET).token().issuedAt().isAfter(story.now().minusSeconds(60)));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    go.set(false);
    writer.join();
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  /**
   * github.com/external-secrets/external-secrets/issues/5145. GitOps tools compare lists as a
   * whole, and leave members alone that only the cluster has.
   */
  @Test
  void aManifestIsNoDriftBecauseNoDefaultStandsInAList() {
    Map<String, Object> written =
        Map.of(
            "credentialsSecretRef", Map.of("name", "login"),
            "scopes", List.of("api", "fleet"),
            "targetSecret",
                Map.of("labels", Map.of("a", "b"), "data", Map.of("t", "{{access_token}}")));
    String manifest = Serialization.asJson(written);
    CommandResult applied = story.kubectlApply(manifest);
    assertThat(applied.stdout()).as(applied.stderr()).contains("created");

    Map<String, Object> lives = new HashMap<>(live());
    assertThat(lives.remove("grantType")).as("the only default").isEqualTo("Password");
    assertThat(lives).isEqualTo(written);
    assertThat(story.kubectlApply(manifest).stdout()).contains("unchanged");
  }

  @SuppressWarnings("unchecked") // Read as anybody reads it, not by our own records.
  private Map<String, Object> live() {
    return (Map<String, Object>)
        story
            .admin()
            .genericKubernetesResources("iris.trackunit.com/v1", "IrisCredential")
            .inNamespace(story.namespace())
            .withName(Story.FLEET)
            .get()
            .get("spec");
  }

  /** github.com/slauger/openvox-operator/issues/554. */
  @Test
  void aCredentialThatWentToAnotherShardIsMeasuredHereNoMore() {
    story.issued();
    await().until(() -> story.metrics().contains("name=\"fleet\""));

    story.patchCredential("{metadata: {labels: {iris.trackunit.com/shard: north}}}");

    await().atMost(Story.SOON).until(() -> !story.metrics().contains("name=\"fleet\""));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  /** github.com/cert-manager/cert-manager/issues/7249 and 7301. */
  @Test
  void aSeriesWhoseReasonChangedIsReplacedAndEndsWithTheFailure() {
    story.issued();
    story.server().answer(question -> Answer.json(503, ""));
    story.pass(Story.UNTIL_DUE);
    await().until(this::reasonsMeasured, List.of("EndpointUnavailable")::equals);

    story.server().answer(question -> Answer.error(400, "invalid_scope"));
    story.pass(Duration.ofMinutes(1));
    await().until(this::reasonsMeasured, List.of("ScopeRejected")::equals);

    story.server().grantFor(LIFE);
    story.changesScopesTo("api", "other");
    story.pass(Story.MINIMUM_INTERVAL);
    await().until(this::reasonsMeasured, List.of()::equals);
  }

  private List<String> reasonsMeasured() {
    return story
        .metrics()
        .lines()
        .filter(line -> line.startsWith("iris_credential_renewal_failing{"))
        .map(line -> line.replaceFirst(".*reason=\"(\\w+)\".*", "$1"))
        .toList();
  }

  /**
   * github.com/hashicorp/vault-secrets-operator/issues/100, ansible/awx-operator/issues/228: a
   * namespace is deleted, and its Secrets go before its credentials.
   */
  @Test
  void aNamespaceThatEndsIsAskedForOneTokenAndHeldUpByNothing() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);
    story.admin().namespaces().withName(story.namespace()).delete();

    story.deleteSecret(Story.TARGET);

    await().until(() -> story.condition("Renewed").equals("False KubernetesWriteFailed"));
    for (int look = 0; look < 3; look++) {
      long mark = story.mark();
      story.pass(Duration.ofMinutes(10));
      await().until(() -> story.calls(mark).contains("create secrets/fleet-token"));
    }
    assertThat(story.requests()).isEqualTo(2);
    story.stopOperator();
    assertThat(story.credential(Story.FLEET).get().getMetadata().getFinalizers()).isEmpty();
    story.credential(Story.FLEET).delete();
    assertThat(story.credential(Story.FLEET).get()).isNull();
  }

  private double reconciliations() {
    return story
        .metrics()
        .lines()
        .filter(line -> line.startsWith("reconciliations_success_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
