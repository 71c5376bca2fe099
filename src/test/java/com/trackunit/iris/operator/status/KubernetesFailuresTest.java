package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.support.Specs;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose the target Secret became while a token was asked for. */
class KubernetesFailuresTest {
  static Stream<Arguments> owners() {
    return Stream.of(
        Arguments.of(new TargetState.Foreign("Deployment web"), "belongs to Deployment web"),
        Arguments.of(
            new TargetState.Orphaned(), "belongs to no IrisCredential: it was restored just now"),
        Arguments.of(
            new TargetState.Absent(), "belongs to an earlier IrisCredential of this name"));
  }

  @ParameterizedTest
  @MethodSource("owners")
  void namesTheOwner(TargetState target, String sentence) {
    Outcome.Failed conflict = KubernetesFailures.conflict(target, Specs.fleet());

    assertThat(conflict.reason()).isEqualTo(Reason.TARGET_SECRET_CONFLICT);
    assertThat(conflict.ofARequest()).isTrue();
    assertThat(conflict.sentence()).contains(sentence);
  }
}
