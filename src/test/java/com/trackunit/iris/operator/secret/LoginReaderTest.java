package com.trackunit.iris.operator.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.secret.CredentialsSecret.Unfit;
import com.trackunit.iris.operator.secret.CredentialsSecret.Unfit.Ground;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which Secrets are never read as a login. */
class LoginReaderTest {
  private static final Map<String, String> LABELLED =
      Map.of("iris.trackunit.com/credentials", "true");
  private static final Map<String, String> TARGET =
      Map.of("app.kubernetes.io/name", "iris-token", "iris.trackunit.com/credentials", "true");

  static Stream<Arguments> unfit() {
    return Stream.of(
        argumentSet(
            "a target Secret, labelled as a login too", false, TARGET, Ground.TARGET_SECRET),
        argumentSet(
            "a target Secret where labels are required", true, TARGET, Ground.TARGET_SECRET),
        argumentSet("no label where it is required", true, Map.of(), Ground.NO_LABEL),
        argumentSet(
            "another value of the label",
            true,
            Map.of("iris.trackunit.com/credentials", "false"),
            Ground.NO_LABEL));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void refuses(boolean labelRequired, Map<String, String> labels, Ground ground) {
    assertThat(read(labelRequired, labels)).isEqualTo(new Unfit(ground));
  }

  @Test
  void readsEveryOther() {
    assertThat(read(false, Map.of())).isInstanceOf(CredentialsSecret.Usable.class);
    assertThat(read(false, Map.of("app.kubernetes.io/name", "crm")))
        .isInstanceOf(CredentialsSecret.Usable.class);
    assertThat(read(true, LABELLED)).isInstanceOf(CredentialsSecret.Usable.class);
  }

  private static CredentialsSecret read(boolean labelRequired, Map<String, String> labels) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withLabels(labels)
            .endMetadata()
            .addToData("username", "dXNlcg==")
            .addToData("password", "cGFzc3dvcmQ=")
            .addToData("client_id", "aWQ=")
            .addToData("client_secret", "c2VjcmV0")
            .build();
    return new LoginReader(labelRequired).read(secret, Specs.fleet(), "uid-9/7");
  }
}
