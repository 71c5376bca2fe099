package com.trackunit.iris.operator.stories;

import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happens to one credential: before, under an operator whose clock is behind; meanwhile, under
 * the process that may be killed; and what is reached at the end.
 *
 * <p>A process cannot move its clock. So what it finds was done in the past, and is due.
 */
enum CrashWorkload {
  CREATE(
      story -> {},
      story -> {
        login(story, "secret");
        story.createCredential();
      },
      story -> granted(story, 1)),
  RENEW(CrashWorkload::due, story -> {}, story -> granted(story, 2)),
  LOGIN_ROTATED(CrashWorkload::issued, CrashWorkload::rotate, story -> granted(story, 2)),
  REJECTED_THEN_CORRECTED(
      story -> failed(story, Answer.error(400, "invalid_grant"), "CredentialsRejected"),
      CrashWorkload::rotate,
      story -> granted(story, 2)),
  REJECTED_AGAIN(
      CrashWorkload::rejectedForGood,
      CrashWorkload::rotate,
      // A token, a refusal, another one.
      story -> story.requests() >= 3 && rejections(story) >= 2),
  UNAVAILABLE_THEN_WELL(
      story -> failed(story, Answer.json(503, ""), "EndpointUnavailable"),
      story -> {},
      story -> granted(story, 2)),
  LIMITED_THEN_WELL(
      story -> failed(story, new Answer(429, Map.of("Retry-After", "1"), ""), "RateLimited"),
      story -> {},
      story -> granted(story, 2)),
  LOGIN_MISSING_THEN_MADE(
      story -> {
        story.createCredential();
        story.awaitRenewed("False CredentialsSecretNotFound");
      },
      story -> login(story, "secret"),
      story -> granted(story, 1)),
  TARGET_DELETED(
      CrashWorkload::issued, story -> story.deleteSecret(Story.TARGET), story -> granted(story, 2)),
  TARGET_EDITED(
      CrashWorkload::issued,
      story -> story.patchSecret(Story.TARGET, "{stringData: {authorization: edited}}"),
      story -> story.value("authorization").startsWith("Bearer ")),
  SCOPE_CHANGED(
      CrashWorkload::issued,
      story -> story.changesScopesTo("api", "fleet"),
      story -> granted(story, 2)),
  GRANT_CHANGED(
      CrashWorkload::issued,
      story -> story.patchCredential("{spec: {grantType: ClientCredentials, scopes: [api]}}"),
      story -> granted(story, 2)),
  TEMPLATES_CHANGED(
      CrashWorkload::issued,
      story -> story.patchCredential("{spec: {targetSecret: {data: {a: 'x{{access_token}}'}}}}"),
      story -> story.value("a").startsWith("xtoken-")),
  TEMPLATES_CHANGED_AND_RENEW_REQUESTED(
      CrashWorkload::issued,
      story ->
          story.patchCredential(
              "{metadata: {annotations: {iris.trackunit.com/renew-requested-at: now}},"
                  + " spec: {targetSecret: {data: {a: 'x{{access_token}}'}}}}"),
      story ->
          story.server().granted() >= 2
              && story.value("a").equals("xtoken-" + story.server().granted())
              && "now".equals(story.status(Story.FLEET).lastHandledRenewRequest())),
  RENEW_REQUESTED(
      CrashWorkload::issued,
      story -> story.requestRenewal("now"),
      story ->
          granted(story, 2) && "now".equals(story.status(Story.FLEET).lastHandledRenewRequest())),
  SUSPENDED_AND_RESUMED(
      CrashWorkload::issued,
      story -> {
        story.patchCredential("{spec: {suspend: true}}");
        await().atMost(Duration.ofMinutes(1)).until(() -> renewed(story, "False Suspended"));
        story.patchCredential("{spec: {suspend: false}}");
      },
      story -> true),
  DELETED(
      CrashWorkload::issued,
      story -> story.credential(Story.FLEET).delete(),
      story -> story.credential(Story.FLEET).get() == null),
  DELETED_AND_RECREATED(
      CrashWorkload::issued,
      story -> {
        story.credential(Story.FLEET).delete();
        story.createCredential();
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> story.condition("Ready").equals("False NoToken"));
        story.deleteSecret(Story.TARGET);
      },
      story -> granted(story, 2)),
  REFRESH_REFUSED(
      CrashWorkload::refusesRefreshTokens,
      story -> {
        login(story, "secret");
        story.createCredential(
            Story.FLEET, "{credentialsSecretRef: {name: login}, scopes: [api, offline_access]}");
      },
      story -> granted(story, 2));

  private static final Duration NOT_DUE = Duration.ofMinutes(20);
  private static final Duration DUE = Duration.ofMinutes(46);
  private static final Duration LIFE = Duration.ofHours(1);

  private final Consumer<Story> given;
  private final Consumer<Story> begin;
  private final Predicate<Story> reached;

  CrashWorkload(Consumer<Story> given, Consumer<Story> begin, Predicate<Story> reached) {
    this.given = given;
    this.begin = begin;
    this.reached = reached;
  }

  /** The one with this {@link #text}. */
  static CrashWorkload of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Lets happen what comes before, and ends the operator that did it. */
  void prepare(Story story) {
    given.accept(story);
    story.stopOperator();
  }

  void begin(Story story) {
    begin.accept(story);
  }

  boolean isDone(Story story) {
    return reached.test(story)
        && switch (this) {
          case DELETED -> true;
          // Without the version, nobody has read the answer: another try follows.
          case REJECTED_AGAIN ->
              renewed(story, "False CredentialsRejected")
                  && story.status(Story.FLEET).failures().credentialsVersion() != null;
          default -> isWell(story);
        };
  }

  private static boolean isWell(Story story) {
    var credential = story.credential(Story.FLEET).get();
    return credential != null
        && credential.getMetadata().getGeneration() != null
        && credential
            .getMetadata()
            .getGeneration()
            .equals(credential.statusOrNone().observedGeneration())
        && credential.statusOrNone().failures() == null
        && story.condition("Ready").equals("True TokenValid")
        && renewed(story, "True Succeeded")
        && isTold(story);
  }

  /** Whether the status is about the token in the Secret. */
  static boolean isTold(Story story) {
    TokenStatus told = story.status(Story.FLEET).token();
    Secret secret = story.secret(Story.TARGET);
    if (secret == null || told == null) {
      return false;
    }
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    return told.issuedAt().toString().equals(annotations.get("iris.trackunit.com/issued-at"))
        && told.expiresAt().toString().equals(annotations.get("iris.trackunit.com/expires-at"))
        && told.renewAt().toString().equals(annotations.get("iris.trackunit.com/renew-at"));
  }

  private static boolean renewed(Story story, String condition) {
    return story.condition("Renewed").equals(condition);
  }

  private static boolean granted(Story story, int count) {
    int granted = story.server().granted();
    return granted >= count && story.token(Story.TARGET).equals("token-" + granted);
  }

  private static void issued(Story story) {
    issuedAgo(story, NOT_DUE);
  }

  private static void due(Story story) {
    issuedAgo(story, DUE);
  }

  private static void issuedAgo(Story story, Duration ago) {
    story.moveClock(ago.negated());
    login(story, "secret");
    story.createCredential();
    story.awaitEvent("TokenIssued");
  }

  // Five minutes ago, which is shorter than the wait of a refused login and longer than the others.
  private static void failed(Story story, Answer answer, String reason) {
    due(story);
    story.server().answer(question -> answer);
    story.pass(DUE.minusMinutes(5));
    story.awaitRenewed("False " + reason);
    await()
        .atMost(Story.SOON)
        .until(
            () ->
                story.events(Story.FLEET).stream()
                    .anyMatch(kind -> kind.equals(reason) || kind.equals("RenewalFailed")));
    story.stopOperator();
    story.server().grantFor(LIFE);
  }

  private static void rejectedForGood(Story story) {
    Answer refusal = Answer.error(400, "invalid_grant");
    failed(story, refusal, "CredentialsRejected");
    story.server().answer(question -> refusal);
  }

  /** How many refusals of its login the status counts. */
  static int rejections(Story story) {
    var failures = story.status(Story.FLEET).failures();
    return failures == null || failures.rejections() == null
        ? 0
        : failures.rejections().tries().size();
  }

  private static void rotate(Story story) {
    story.changesPasswordTo("newer");
  }

  private static void refusesRefreshTokens(Story story) {
    story
        .server()
        .answer(
            question -> {
              if (question.field("refresh_token").isPresent()) {
                return Answer.error(400, "invalid_grant");
              }
              // Short at first, so that it is due when the shortest time between two is over.
              boolean first = story.server().granted() == 0;
              Answer grant = story.server().grant(first ? Duration.ofSeconds(22) : LIFE);
              // A refresh token each time: whether one came is not stored, and a remark otherwise.
              return Answer.json(
                  200, grant.body().replace("{", "{\"refresh_token\": \"refresh\", "));
            });
  }

  private static void login(Story story, String password) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login, labels: {iris.trackunit.com/credentials: "true"}}
        stringData: {username: someone, password: "%s", client_id: app, client_secret: hush}
        """
            .formatted(password));
  }
}
