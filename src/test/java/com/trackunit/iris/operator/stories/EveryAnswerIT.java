package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.EveryAnswer;
import com.trackunit.iris.operator.support.EveryAnswer.Row;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An answer of the authorization server for each reason, for a credential without a token and for
 * one with a valid token: what is told, and that nothing is written that must not be. {@code
 * EveryAnswerTest} plays all answers without a cluster.
 */
@ParameterizedClass
@EnumSource(GrantType.class)
class EveryAnswerIT {

  @Parameter GrantType grantType;

  @RegisterExtension private final Story story = new Story();
  private final Map<String, Row> rows = EveryAnswer.oneForEachReason();

  // One after the other, and gone before the next: together they are an outage and a flood.
  @Test
  void asTheFirstToken() {
    story.server().answer(question -> rows.get(user(question)).answer());

    rows.forEach(
        (name, row) -> {
          createCredential(name);
          await(name).until(() -> story.condition(name, "Renewed"), row.condition()::equals);
          assertThat(story.secret(name + "-token") != null).as(name).isEqualTo(row.succeeds());
          leave(name);
        });

    assertThat(requestsByUser()).isEqualTo(once());
  }

  @Test
  void asARenewalWithAValidToken() {
    rows.forEach(
        (name, row) -> {
          story.server().grantFor(Duration.ofHours(1));
          createCredential(name);
          await(name).until(() -> story.condition(name, "Ready").startsWith("True"));
          Secret before = story.secret(name + "-token");
          story.server().answer(question -> row.answer());

          story.moveClock(Story.UNTIL_DUE);
          poke(name);
          await(name).until(() -> isRenewed(name, row, before));

          boolean unchanged = story.secret(name + "-token").getData().equals(before.getData());
          assertThat(unchanged).as(name).isEqualTo(!row.succeeds());
          assertThat(story.condition(name, "Ready")).as(name).isEqualTo("True TokenValid");
          leave(name);
        });
  }

  // What the server said to this one is nothing to the next: a minute later nobody is held back.
  private void leave(String name) {
    story.credential(name).delete();
    story.moveClock(Duration.ofSeconds(61));
  }

  private boolean isRenewed(String name, Row row, Secret before) {
    return row.succeeds()
        ? !story.secret(name + "-token").getData().equals(before.getData())
        : story.condition(name, "Renewed").equals(row.condition());
  }

  private void createCredential(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: %s, password: secret, client_id: %s, client_secret: hush}
        """
            .formatted(name, name, name));
    story.createCredential(
        name,
        "{credentialsSecretRef: {name: %s}, grantType: %s, scopes: [api]}"
            .formatted(name, grantType.text()));
  }

  private void poke(String name) {
    story.patchSecret(name + "-token", "{metadata: {annotations: {poke: '1'}}}");
  }

  /** How often each was asked about; what is transient may have been asked again. */
  private Map<String, Boolean> requestsByUser() {
    Map<String, Integer> counts = new TreeMap<>();
    story.server().questions().forEach(question -> counts.merge(user(question), 1, Integer::sum));
    Map<String, Boolean> asExpected = new TreeMap<>();
    rows.forEach(
        (name, row) ->
            asExpected.put(
                name, row.isTransient() ? counts.get(name) >= 1 : counts.get(name) == 1));
    return asExpected;
  }

  private Map<String, Boolean> once() {
    Map<String, Boolean> once = new TreeMap<>();
    rows.keySet().forEach(name -> once.put(name, true));
    return once;
  }

  private static String user(Question question) {
    return question.field("username").or(() -> question.field("client_id")).orElseThrow();
  }
}
