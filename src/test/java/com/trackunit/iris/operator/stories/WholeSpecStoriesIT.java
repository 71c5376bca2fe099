package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A credential that uses everything at once, and what a workload binds to. */
class WholeSpecStoriesIT {

  @RegisterExtension private final Story story = new Story();

  @Test
  void neverLosesAValidTokenOnTheWayFromOneFormToTheOther() {
    story.labelledLogin();
    story.kubectlApply("{credentialsSecretRef: {name: login}, targetSecret: {name: fleet-token}}");
    story.awaitEvent("TokenIssued");
    List<String> history = tokensFromNowOn();
    story.moveClock(Story.MINIMUM_INTERVAL);

    step(
        1,
        "targetSecret: {labels: {team: a}, annotations: {note: text}}",
        () -> story.secret(Story.TARGET).getMetadata().getLabels().containsKey("team"));
    step(
        1,
        "targetSecret: {data: {.npmrc: '_authToken={{access_token}}'}}",
        () ->
            story.value(".npmrc").equals("_authToken=token-1")
                && story.value("access_token").isEmpty());
    step(
        1,
        "targetSecret: {data: {.npmrc: 'x{{access_token}}', e: '{{expires_at}}'}}, renewBefore: 30m",
        () ->
            story.value(".npmrc").equals("xtoken-1")
                && story
                    .value("e")
                    .equals(story.status(Story.FLEET).token().expiresAt().toString()));
    step(
        1,
        "targetSecret: {data: {t: '{{access_token}}'}}, renewBeforePercentage: 40, suspend: true",
        () ->
            story.value("t").equals("token-1")
                && story.condition("Renewed").equals("False Suspended"));
    story.requestRenewal("now");
    step(
        1,
        "targetSecret: {data: {u: '{{token_type}} {{access_token}}'}}, suspend: true",
        () -> story.value("u").equals("Bearer token-1"));
    step(
        2,
        "targetSecret: {data: {u: '{{token_type}} {{access_token}}'}}",
        () -> story.value("u").equals("Bearer token-2"));
    story.moveClock(Story.MINIMUM_INTERVAL);
    step(
        3,
        "scopes: [api, fleet], targetSecret: {data: {u: '{{access_token}}'}}",
        () -> story.value("u").equals("token-3"));
    step(
        3,
        "scopes: [fleet, api], targetSecret: {name: fleet-token}",
        () -> story.token(Story.TARGET).equals("token-3") && story.value("u").isEmpty());
    story.moveClock(Story.MINIMUM_INTERVAL);
    step(
        4,
        "grantType: ClientCredentials, scopes: [fleet, api]",
        () -> story.token(Story.TARGET).equals("token-4"));
    story.moveClock(Story.MINIMUM_INTERVAL);
    step(5, "scopes: [fleet, api]", () -> story.token(Story.TARGET).equals("token-5"));

    assertThat(history)
        .isSubsetOf("token-1", "token-2", "token-3", "token-4", "token-5")
        .isSorted()
        .contains("token-5");
    assertThat(story.status(Story.FLEET).lastHandledRenewRequest()).isEqualTo("now");
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  private void step(int requests, String fields, BooleanSupplier arrived) {
    assertThat(story.kubectlApply("{credentialsSecretRef: {name: login}, " + fields + "}").stderr())
        .isEmpty();
    long generation = story.credential(Story.FLEET).get().getMetadata().getGeneration();
    await(fields).atMost(Story.SOON.multipliedBy(2)).until(arrived::getAsBoolean);
    await(fields).until(() -> story.status(Story.FLEET).observedGeneration() == generation);
    assertThat(story.requests()).as(fields).isEqualTo(requests);
    assertThat(story.condition("Ready")).as(fields).isEqualTo("True TokenValid");
  }

  /** The token in every version of the target Secret that is ever seen by anybody. */
  private List<String> tokensFromNowOn() {
    List<String> tokens = new CopyOnWriteArrayList<>();
    story
        .admin()
        .secrets()
        .inNamespace(story.namespace())
        .withName(Story.TARGET)
        .watch(
            new Watcher<Secret>() {
              @Override
              public void eventReceived(Action action, Secret secret) {
                tokens.add(
                    action == Action.DELETED
                        ? "deleted"
                        : TokenLocation.token(secret)
                            .map(t -> new String(t, UTF_8))
                            .orElse("none"));
              }

              @Override
              public void onClose(WatcherException cause) {
                // The story ends first.
              }
            });
    return tokens;
  }

  @Test
  void aBindingFindsTypeProviderAndTokenByTheStatus() {
    story.issued();

    // What an implementation of the specification does: status.binding.name, then that Secret's
    // entries as files.
    String name =
        story.kubectl("get", "iriscred/fleet", "-o=jsonpath={.status.binding.name}").stdout();
    Secret bound = story.secret(name);

    assertThat(name).isEqualTo(Story.TARGET);
    assertThat(bound.getData()).containsKeys("type", "provider", "authorization", "access_token");
    assertThat(story.value("type")).isEqualTo("iris");
    assertThat(story.value("provider")).isEqualTo("trackunit");
  }

  @Test
  void aPodTakesTheBindingAsAProjectedVolume() {
    story.issued();

    story.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: bound}
        spec:
          containers:
            - name: app
              image: app
              env: [{name: SERVICE_BINDING_ROOT, value: /bindings}]
              volumeMounts: [{name: iris, mountPath: /bindings/iris, readOnly: true}]
          volumes:
            - name: iris
              projected: {sources: [{secret: {name: %s}}]}
        """
            .formatted(story.status(Story.FLEET).binding().name()));

    assertThat(
            story
                .kubectl(
                    "get",
                    "pod/bound",
                    "-o=jsonpath={.spec.volumes[?(@.name==\"iris\")].projected.sources[0].secret.name}")
                .stdout())
        .isEqualTo(Story.TARGET);
  }
}
