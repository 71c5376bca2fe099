package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** However often a credential is touched: its wrong password is sent four times a day at most. */
class LoginBudgetTest {
  private static final int TOUCHES = 500;
  private static final int RESTARTS = 20;

  @Test
  void fourFailedLoginsADayThroughThreeDaysOfTouchesAndRestarts() {
    List<Instant> refusals = new CopyOnWriteArrayList<>();
    try (PlayedCredential credential = new PlayedCredential(GrantType.PASSWORD)) {
      credential
          .server()
          .answer(
              question -> {
                refusals.add(credential.clock().instant());
                return Answer.error(400, "invalid_grant");
              });
      credential.step();

      for (int touch = 1; touch <= TOUCHES; touch++) {
        credential.clock().move(Duration.ofHours(72).dividedBy(TOUCHES));
        credential.change("touch-" + touch);
        if (touch % (TOUCHES / RESTARTS) == 0) {
          credential.restart();
        }
        credential.step();
      }
    }

    assertThat(refusals).hasSizeGreaterThanOrEqualTo(5);
    for (int i = 4; i < refusals.size(); i++) {
      assertThat(Duration.between(refusals.get(i - 4), refusals.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofDays(1));
    }
  }
}
