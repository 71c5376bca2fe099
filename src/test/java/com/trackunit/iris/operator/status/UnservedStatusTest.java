package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.support.Specs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a credential says whose namespace is not served. */
class UnservedStatusTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec SPEC = Specs.fleet();
  private static final String WHY =
      "The operator may not watch secrets in namespace team-a, so it does not serve this resource. Apply its Role and RoleBinding there; it goes on within 15 seconds.";

  @Test
  void itNeverHadAToken() {
    IrisCredentialStatus status = told(status(null), NOW);

    assertThat(shown(status, "Ready")).isEqualTo("False NoToken");
    assertThat(shown(status, "Renewed")).isEqualTo("False KubernetesWriteFailed");
    assertThat(status.condition("Renewed").orElseThrow().message()).isEqualTo(WHY);
  }

  @Test
  void itsTokenIsStillValid() {
    IrisCredentialStatus status = told(valid(), NOW);

    assertThat(shown(status, "Ready")).isEqualTo("True TokenValid");
    assertThat(shown(status, "Renewed")).isEqualTo("False KubernetesWriteFailed");
    assertThat(status.token()).isEqualTo(valid().token());
  }

  @Test
  void itsTokenEndsMeanwhile() {
    IrisCredentialStatus status = told(told(valid(), NOW), NOW.plusSeconds(60));

    assertThat(shown(status, "Ready")).isEqualTo("False TokenExpired");
  }

  @Test
  void nothingIsWrittenTwice() {
    IrisCredentialStatus once = told(valid(), NOW);

    assertThat(told(once, NOW.plusSeconds(15))).isEqualTo(once);
  }

  private static IrisCredentialStatus told(IrisCredentialStatus previous, Instant now) {
    return StatusCalculator.unserved(previous, SPEC, "watch secrets", now);
  }

  private static IrisCredentialStatus valid() {
    Condition ready = new Condition("Ready", "True", "TokenValid", "It is valid.", NOW, 1L);
    return status(new TokenStatus(NOW.minusSeconds(60), NOW.plusSeconds(60), NOW, "api"), ready);
  }

  private static IrisCredentialStatus status(@Nullable TokenStatus token, Condition... conditions) {
    return new IrisCredentialStatus(1L, List.of(conditions), token, null, null, null);
  }

  private static String shown(IrisCredentialStatus status, String type) {
    Condition condition = status.condition(type).orElseThrow();
    return condition.status() + " " + condition.reason();
  }
}
