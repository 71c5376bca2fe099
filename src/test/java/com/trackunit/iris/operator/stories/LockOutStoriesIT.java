package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * However long, however often and by however many: a wrong password is not sent often enough to
 * lock an account.
 */
class LockOutStoriesIT {
  // Of many more, LoginBudgetTest tells.
  private static final int TOUCHES = 40;
  private static final int RESTARTS = 4;

  @RegisterExtension private final Story story = new Story();
  private final List<Instant> refusals = new CopyOnWriteArrayList<>();

  @Test
  void fourFailedLoginsADayThroughThreeDaysOfTouchesAndRestarts() {
    refuse();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    for (int touch = 1; touch <= TOUCHES; touch++) {
      story.pass(Duration.ofHours(72).dividedBy(TOUCHES));
      await().pollInterval(Duration.ofMillis(5)).until(this::isSettled);
      if (touch % (TOUCHES / RESTARTS) == 0) {
        story.restartOperator();
      }
    }

    assertThat(refusals).hasSizeGreaterThanOrEqualTo(5);
    assertAtMostFourADay();
  }

  @Test
  void oneBudgetForOneLoginInTwoNamespaces() {
    refuse();
    try (Story other = new Story()) {
      other.stopOperator();
      story.watch(Set.of(story.namespace(), other.namespace()));
      story.labelledLogin();
      other.labelledLogin();
      story.createCredential();
      story.awaitRenewed("False CredentialsRejected");
      other.createCredential();
      other.awaitRenewed("False CredentialsRejected");

      for (int hour = 0; hour < 48; hour++) {
        story.pass(Duration.ofHours(1));
        other.poke();
        await().pollInterval(Duration.ofMillis(5)).until(() -> isSettled() && isSettled(other));
      }

      assertThat(refusals).hasSizeGreaterThanOrEqualTo(4);
      assertAtMostFourADay();
    }
  }

  @Test
  void oneBudgetForManyCredentialsWithOneLogin() {
    refuse();
    story.labelledLogin();

    for (String name : List.of("one", "two", "three", "four", "five")) {
      story.createCredential(name, Story.SPEC);
      await().until(() -> story.condition(name, "Renewed").equals("False CredentialsRejected"));
    }

    assertThat(refusals).hasSize(1);
    assertThat(story.status("five").condition("Renewed").orElseThrow().message())
        .startsWith("The login in Secret " + story.namespace() + "/login was refused before");
  }

  @Test
  void threeTriesInTenMinutesAndFiveAnHourWhateverTheCorrections() {
    refuse();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    corrects(0, 3);
    assertThat(refusals).hasSize(3);
    assertThat(story.message("Renewed")).contains("have used up those of an hour");

    story.pass(Duration.ofMinutes(10));
    corrects(3, 5);
    assertThat(refusals).as("the fifth is for another namespace").hasSize(4);
  }

  private void corrects(int from, int to) {
    for (int correction = from; correction < to; correction++) {
      story.pass(Story.MINIMUM_INTERVAL);
      story.patchSecret(Story.LOGIN, "{stringData: {password: 'p%d'}}".formatted(correction));
      String version = loginVersion();
      // While a correction is being tried, its version is not recorded; time must not pass then.
      await()
          .until(() -> version.equals(story.status(Story.FLEET).failures().credentialsVersion()));
    }
  }

  @Test
  void aRightPasswordIsNotKeptBackByAWrongOneForTheSameUser() {
    accept("secret");
    story.issued();
    wrongLoginOfAnother();
    String before = story.token(Story.TARGET);

    story.pass(Story.UNTIL_DUE);

    await().until(() -> !story.token(Story.TARGET).equals(before));
    assertThat(story.condition("Renewed")).isEqualTo("True Succeeded");
  }

  @Test
  void aRotatedPasswordIsNotKeptBackByAWrongOneForTheSameUser() {
    accept("secret");
    story.issued();
    wrongLoginOfAnother();

    accept("rotated");
    story.pass(Story.MINIMUM_INTERVAL);
    story.changesPasswordTo("rotated");

    await()
        .until(() -> story.requests() == 3 && story.condition("Renewed").equals("True Succeeded"));
  }

  @Test
  void anotherCredentialsSuccessDoesNotRenewTheBudgetOfAWrongPassword() {
    accept("secret");
    story.issued();
    wrongLoginOfAnother();

    for (int look = 0; look < 20; look++) {
      story.pass(Story.UNTIL_DUE);
      story.patchCredential(
          "other", "{spec: {targetSecret: {annotations: {look: '%d'}}}}".formatted(look));
      await()
          .until(
              () ->
                  isSettled(story, "other")
                      && !story.status(Story.FLEET).token().renewAt().isBefore(story.now()));
    }

    assertThat(refusals).hasSizeBetween(2, 4);
    assertAtMostFourADay();
  }

  @Test
  void anAnnotatedSecretIsNoOtherPassword() {
    refuse();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    for (int annotation = 0; annotation < 10; annotation++) {
      story.patchSecret(Story.LOGIN, "{metadata: {annotations: {a: '%d'}}}".formatted(annotation));
      story.pass(Duration.ofMinutes(13));
      await().until(this::isSettled);
    }

    assertThat(refusals).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void anAnnotatedSecretIsNotReadAgain() {
    refuse();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");
    story.pass(Story.MINIMUM_INTERVAL);
    long mark = story.mark();
    story.annotates(Story.LOGIN, "a", "b");

    for (int look = 0; look < 3; look++) {
      story.pass(Story.MINIMUM_INTERVAL);
      await().until(this::isSettled);
    }

    assertThat(story.calls(mark)).doesNotContain("get secrets/login");
    assertThat(refusals).hasSize(1);
    assertThat(story.status(Story.FLEET).failures().count()).isEqualTo(1);
  }

  @Test
  void aCorrectionIsTriedForAllWhoWereHeldBack() {
    accept("right");
    story.labelledLogin();
    List<String> names = List.of("one", "two", "three");
    for (String name : names) {
      story.createCredential(name, Story.SPEC);
      await().until(() -> story.condition(name, "Renewed").equals("False CredentialsRejected"));
    }
    assertThat(refusals).hasSize(1);

    story.moveClock(Story.MINIMUM_INTERVAL);
    story.changesPasswordTo("right");

    for (String name : names) {
      await().until(() -> story.condition(name, "Ready").equals("True TokenValid"));
    }
    assertThat(refusals).hasSize(1);
  }

  @Test
  void aRightPasswordThatWasHeldBackIsTriedAfterARestart() {
    accept("right");
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");
    corrects(0, 2);
    assertThat(refusals).hasSize(3);
    story.pass(Story.MINIMUM_INTERVAL);
    story.changesPasswordTo("right");
    await().until(() -> story.message("Renewed").startsWith("The login in Secret"));

    story.restartOperator();
    story.pass(Duration.ofMinutes(11));

    await().until(() -> story.condition("Ready").equals("True TokenValid"));
  }

  @Test
  void aTryIsWrittenDownBeforeItIsMade() {
    refuse();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");
    List<Integer> counts = new CopyOnWriteArrayList<>();
    story
        .server()
        .answer(
            question -> {
              counts.add(story.status(Story.FLEET).failures().rejections().count());
              return Answer.error(401, "invalid_client");
            });

    story.pass(Duration.ofMinutes(11));

    await().until(() -> counts.equals(List.of(2)));
  }

  private String loginVersion() {
    ObjectMeta login =
        story
            .admin()
            .secrets()
            .inNamespace(story.namespace())
            .withName(Story.LOGIN)
            .get()
            .getMetadata();
    return login.getUid() + "/" + login.getResourceVersion();
  }

  private void accept(String password) {
    story
        .server()
        .answer(
            question -> {
              if (question.field("password").orElse("").equals(password)) {
                return story.server().grant(Duration.ofHours(1));
              }
              refusals.add(story.now());
              return Answer.error(400, "invalid_grant");
            });
  }

  private void wrongLoginOfAnother() {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: wrong}
        stringData: {username: someone, password: wrong, client_id: app, client_secret: hush}
        """);
    story.createCredential("other", "{credentialsSecretRef: {name: wrong}}");
    await().until(() -> story.condition("other", "Renewed").equals("False CredentialsRejected"));
  }

  private void refuse() {
    story
        .server()
        .answer(
            question -> {
              refusals.add(story.now());
              return Answer.error(400, "invalid_grant");
            });
  }

  private boolean isSettled() {
    return isSettled(story);
  }

  private static boolean isSettled(Story story) {
    return isSettled(story, Story.FLEET);
  }

  private static boolean isSettled(Story story, String name) {
    var credential = story.credential(name).get();
    return credential
        .getMetadata()
        .getGeneration()
        .equals(credential.statusOrNone().observedGeneration());
  }

  private void assertAtMostFourADay() {
    for (int i = 4; i < refusals.size(); i++) {
      assertThat(Duration.between(refusals.get(i - 4), refusals.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofDays(1));
    }
  }
}
