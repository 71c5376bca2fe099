package com.trackunit.iris.operator.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.SecretStore.Write;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one writer of Secrets, when somebody was faster than it. */
class SecretClientIT {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  // Of its own: a garbage collector that another test needs would delete what has no owner here.
  private static final ControlPlane PLANE = ControlPlane.another();

  private final ControlPlane plane = PLANE;
  private final KubernetesClient client =
      new KubernetesClientBuilder().withConfig(plane.operatorConfig()).build();
  private final SecretClient secrets = new SecretClient(client);
  private final String namespace = plane.newNamespace();
  private final EffectiveSpec spec = spec(UUID.randomUUID().toString());

  @AfterAll
  static void stop() {
    PLANE.close();
  }

  @AfterEach
  void end() {
    client.close();
  }

  @Test
  void leavesAStrangersSecretAloneThatCameBetweenTheLookAndTheWrite() {
    Secret stranger =
        plane
            .admin()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName("fleet-token")
                    .endMetadata()
                    .build())
            .create();

    Write write = secrets.write(spec, content(spec, "token-1"), null);

    assertThat(write)
        .isInstanceOfSatisfying(
            Write.Conflict.class,
            conflict -> assertThat(conflict.target()).isInstanceOf(TargetState.Foreign.class));
    assertThat(live()).isEqualTo(stranger);
  }

  @Test
  void leavesTheSecretOfAnEarlierCredentialAlone() {
    secrets.write(spec("earlier"), content(spec, "token-1"), null);
    Secret before = live();

    Write write = secrets.write(spec, content(spec, "token-2"), null);

    assertThat(write)
        .isInstanceOfSatisfying(
            Write.Conflict.class,
            conflict -> assertThat(conflict.target()).isInstanceOf(TargetState.Predecessor.class));
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void finishesACreationWhoseAnswerWasLost() {
    secrets.write(spec, content(spec, "token-1"), null);

    Write write = secrets.write(spec, content(spec, "token-2"), null);

    assertThat(write).isInstanceOf(SecretStore.Written.class);
    assertThat(token()).isEqualTo("token-2");
  }

  @Test
  void writesATokenAnewOverWhatAStrangerAddedMeanwhile() {
    Secret seen = written(secrets.write(spec, content(spec, "token-1"), null));
    plane
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName("fleet-token")
        .edit(secret -> new SecretBuilder(secret).addToData("extra", "eA==").build());

    Write write = secrets.write(spec, content(spec, "token-2"), seen);

    assertThat(write).isInstanceOf(SecretStore.Written.class);
    assertThat(token()).isEqualTo("token-2");
    assertThat(live().getData()).containsKey("extra");
  }

  @Test
  void keepsTheLaterTokenThatAnotherReplicaWroteMeanwhile() {
    Secret seen = written(secrets.write(spec, content(spec, "token-1"), null));
    Instant later = NOW.plusSeconds(20);
    secrets.write(spec, content(spec, "token-3", later), seen);

    Write write = secrets.write(spec, content(spec, "token-2", NOW.plusSeconds(10)), seen);

    assertThat(written(write).getMetadata().getAnnotations())
        .containsEntry(SecretMetadata.ISSUED_AT, later.toString());
    assertThat(token()).isEqualTo("token-3");
  }

  @Test
  void replacesATokenOfALaterDateWhenNobodyElseWroteIt() {
    Secret seen = written(secrets.write(spec, content(spec, "token-1"), null));
    plane
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName("fleet-token")
        .edit(secret -> new SecretBuilder(secret).addToData("extra", "eA==").build());

    secrets.write(spec, content(spec, "token-2", NOW.minusSeconds(60)), seen);

    assertThat(token()).as("the clock was set back").isEqualTo("token-2");
  }

  @Test
  void createsAnewWhatWasDeletedMeanwhile() {
    Secret seen = written(secrets.write(spec, content(spec, "token-1"), null));
    plane.admin().resource(live()).delete();

    assertThat(secrets.write(spec, content(spec, "token-2"), seen))
        .isInstanceOf(SecretStore.Written.class);
    assertThat(token()).isEqualTo("token-2");
  }

  @Test
  void doesNotRewriteAVersionThatIsNoLongerThere() {
    Secret seen = written(secrets.write(spec, content(spec, "token-1"), null));
    secrets.write(spec, content(spec, "token-2"), seen);

    assertThat(secrets.rewrite(content(spec, "token-1"), seen))
        .isEqualTo(new SecretStore.Rewrite.Overtaken());
    assertThat(token()).isEqualTo("token-2");
  }

  @Test
  void readsWhatIsThereAndSaysWhatIsNot() {
    assertThat(secrets.read(namespace, "fleet-token")).isInstanceOf(SecretStore.Read.Missing.class);
    assertThat(secrets.write(spec("somebody"), content(spec, "t"), null))
        .isInstanceOf(SecretStore.Written.class);
    assertThat(secrets.read(namespace, "fleet-token").toString()).isEqualTo("Found");
  }

  private static Secret written(Write write) {
    return ((SecretStore.Written) write).redacted();
  }

  private Secret live() {
    return plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get();
  }

  private String token() {
    return new String(Base64.getDecoder().decode(live().getData().get("access_token")), UTF_8);
  }

  private EffectiveSpec spec(String uid) {
    return EffectiveSpec.of(Specs.credential(namespace, "fleet", uid));
  }

  private static DesiredSecret content(EffectiveSpec spec, String accessToken) {
    return content(spec, accessToken, NOW);
  }

  private static DesiredSecret content(EffectiveSpec spec, String accessToken, Instant asked) {
    IssuedToken granted =
        new IssuedToken(
            accessToken, Duration.ofHours(1), Optional.of("api"), false, Optional.empty());
    StoredToken stored = TokenIssuance.of(granted, asked, spec, "login/1", null).orElseThrow();
    return DesiredSecret.render(spec, stored, accessToken);
  }
}
