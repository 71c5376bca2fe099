package com.trackunit.iris.operator.demo;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What happens to one credential, step by step.
 *
 * <p>A token of 20 s is renewed after 10 s, and two requests that are not retries are at least 10 s
 * apart: that is what most steps wait for.
 */
final class Story {
  private static final Duration AT_ONCE = Duration.ofSeconds(8);
  private static final Duration WHEN_DUE = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Stage stage;
  private final Narrator narrator;
  private String token = "";

  Story(Stage stage, Narrator narrator) {
    this.cluster = stage.cluster();
    this.stage = stage;
    this.narrator = narrator;
  }

  /**
   * Tells it from the first token to the last.
   *
   * @throws StoryBroken if a step does not happen in its time or the IRIS API refuses a call
   */
  void tell() {
    narrator.say(
        "Running (times are UTC): an API server, an authorization server, an IRIS API and the operator.");
    issue();
    renew();
    survivesAnOutage();
    survivesAWrongPassword();
    healsItsSecret();
    conclude();
  }

  private void issue() {
    narrator.say(
        "$ kubectl apply: Secret %s (the login), IrisCredential %s"
            .formatted(Cluster.LOGIN, Cluster.CREDENTIAL));
    cluster.applyLogin(TokenIssuer.PASSWORD);
    cluster.applyCredential();
    awaitNewToken("The first token", AT_ONCE);
    stage.pod().start();
    narrator.say(
        "Token issued: %s in Secret %s. A pod calls IRIS with it twice a second."
            .formatted(shown(), Cluster.TARGET));
  }

  private void renew() {
    awaitNewToken("The renewal", WHEN_DUE);
    narrator.say("Token renewed at half its life: " + shown());
  }

  private void survivesAnOutage() {
    stage.authorization().goDown();
    narrator.say("The authorization server goes down.");
    await("The failed renewal", WHEN_DUE, () -> lastEventIs("RenewalFailed"));
    narrator.say(
        "The renewal failed, the token is kept. $ kubectl describe iriscred " + Cluster.CREDENTIAL);
    describe();
  }

  private void survivesAWrongPassword() {
    cluster.applyLogin("wrong");
    narrator.say("$ kubectl apply: Secret %s with a wrong password".formatted(Cluster.LOGIN));
    stage.authorization().comeUp();
    narrator.say("The authorization server is back.");
    await("The refusal of the login", AT_ONCE, () -> lastEventIs("CredentialsRejected"));
    narrator.say(
        "Login refused, the token is kept. $ kubectl describe iriscred %s"
            .formatted(Cluster.CREDENTIAL));
    describe();
    cluster.applyLogin(TokenIssuer.PASSWORD);
    narrator.say("$ kubectl apply: Secret %s with the right password".formatted(Cluster.LOGIN));
    awaitNewToken("The recovery with the right password", AT_ONCE);
    narrator.say("Recovered at once: " + shown());
  }

  private void healsItsSecret() {
    await("The mount of the new token", AT_ONCE, () -> stage.pod().holds(token));
    cluster.deleteTarget();
    narrator.say(
        "$ kubectl delete secret %s (the pod still has what is mounted)".formatted(Cluster.TARGET));
    awaitNewToken("The healing of the Secret", WHEN_DUE);
    await("The report of the healing", AT_ONCE, () -> lastEventIs("TargetSecretRestored"));
    narrator.say("Healed: " + shown());
  }

  private void conclude() {
    int before = stage.pod().calls();
    await(
        "A call with the last token",
        AT_ONCE,
        () -> stage.pod().holds(token) && stage.pod().calls() > before + 1);
    narrator.say(
        "Done in %d s: the pod called IRIS %d times and was never refused."
            .formatted(narrator.told().toSeconds(), stage.pod().calls()));
  }

  private void awaitNewToken(String step, Duration atMost) {
    await(
        step,
        atMost,
        () -> cluster.target("access_token").filter(now -> !now.equals(token)).isPresent());
    token = cluster.target("access_token").orElseThrow();
  }

  private void await(String step, Duration atMost, BooleanSupplier happened) {
    narrator.waitFor(
        step, atMost, () -> stage.pod().trouble().isPresent() || happened.getAsBoolean());
    stage
        .pod()
        .trouble()
        .ifPresent(
            trouble -> {
              throw new StoryBroken(step + " was awaited when " + trouble + ".");
            });
  }

  private boolean lastEventIs(String reason) {
    return cluster.lastEvent().map(Event::getReason).filter(reason::equals).isPresent();
  }

  private String shown() {
    return "%s…%s (%d s)"
        .formatted(
            token.substring(0, 3),
            token.substring(token.length() - 2),
            TokenIssuer.LIFE.toSeconds());
  }

  private void describe() {
    Event event = cluster.lastEvent().orElseThrow();
    new Description(cluster.conditions(), event).lines().forEach(narrator::detail);
  }
}
