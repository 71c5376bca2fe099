package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.EveryAnswer;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of answer the authorization server can give, for a credential without a token and for
 * one with a valid token: what is told, and that nothing is written that must not be.
 */
@ParameterizedClass
@EnumSource(GrantType.class)
class EveryAnswerTest {
  /** After this, every token that lives an hour is due. */
  private static final Duration UNTIL_DUE = Duration.ofMinutes(41);

  @Parameter GrantType grantType;

  static Stream<Arguments> answers() {
    return EveryAnswer.rows().entrySet().stream()
        .map(row -> argumentSet(row.getKey(), row.getValue()));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void asTheFirstToken(EveryAnswer.Row row) {
    try (PlayedCredential credential = new PlayedCredential(grantType)) {
      credential.server().answer(question -> row.answer());

      credential.step();

      assertThat(credential.condition("Renewed")).isEqualTo(row.condition());
      assertThat(credential.target() != null).isEqualTo(row.succeeds());
      credential.step();
      assertThat(credential.server().questions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void asARenewalWithAValidToken(EveryAnswer.Row row) {
    try (PlayedCredential credential = new PlayedCredential(grantType)) {
      credential.step();
      Secret before = credential.target();
      assertThat(before).isNotNull();
      credential.server().answer(question -> row.answer());
      credential.clock().move(UNTIL_DUE);

      credential.step();

      assertThat(credential.condition("Renewed")).isEqualTo(row.condition());
      assertThat(credential.condition("Ready")).isEqualTo("True TokenValid");
      assertThat(credential.target() == before).isEqualTo(!row.succeeds());
      credential.step();
      assertThat(credential.server().questions()).hasSize(2);
    }
  }
}
