package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of an Event. */
class EventRecorderTest {
  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  @ParameterizedTest
  @ValueSource(strings = {"a", "-b", ".b", "-.b", "--b"})
  void beginsWithAsMuchOfTheCredentialsNameAsMakesAName(String boundary) {
    String name = "a".repeat(235) + boundary;

    assertThat(EventRecorder.beginning(name))
        .hasSizeLessThanOrEqualTo(236)
        .matches("%s([.]%s)*".formatted(DNS_LABEL, DNS_LABEL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "fleet.sync", "a-b.c-d"})
  void beginsWithAllOfAShortName(String name) {
    assertThat(EventRecorder.beginning(name)).isEqualTo(name);
  }
}
