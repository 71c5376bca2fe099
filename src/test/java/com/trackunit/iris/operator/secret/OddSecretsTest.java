package com.trackunit.iris.operator.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target Secret whose annotations and keys hold anything that the API server lets in. */
class OddSecretsTest {
  private static final int TRIES = 5_000;
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec SPEC =
      Specs.templated(Map.of("token", "{{access_token}}", "access_token", "{{access_token}}"));
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "x",
          "key:access_token label:a annotation:b",
          "key: key:token key:token",
          "access_token 0 999999999",
          "access_token 7 3",
          "token 000000001 2",
          "2026-05-04T11:30:00Z",
          "2026-05-04T12:30:00Z",
          "2026-05-04T12:30:00+02:00",
          "0000-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "+1000000000-12-31T23:59:59.999999999Z",
          "-1000000000-01-01T00:00:00Z",
          "\u0000\ud83d\ude00");

  @Test
  void neverEndsAWatchNorALook() {
    for (long seed = 0; seed < TRIES; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      try {
        TargetState target = SecretInspector.read(redacted(random), SPEC, null);
        Observation seen = seen(target);
        RenewalPlanner.plan(seen, NOW);
        assertThat(RequeueSchedule.after(seen, null, NOW, 0.5)).isPositive();
        if (target instanceof TargetState.Held held) {
          assertThat(held.token().lifetime().length().toNanos()).isNotNull();
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z"})
  void countsATimeThatNoTokenCanHaveAsDamage(String time) {
    Map<String, String> facts =
        new HashMap<>(
            Map.of(
                SecretMetadata.ISSUED_AT, "2026-05-04T11:30:00Z",
                SecretMetadata.EXPIRES_AT, "2026-05-04T12:30:00Z",
                SecretMetadata.RENEW_AT, "2026-05-04T12:00:00Z",
                SecretMetadata.MANAGED, ""));
    Map<String, String> data = Map.of("access_token", "dG9rZW4=");
    assertThat(SecretInspector.read(RedactedSecret.of(secret(facts, data)), SPEC, null))
        .isInstanceOf(TargetState.Held.class);

    facts.put(SecretMetadata.EXPIRES_AT, time);

    assertThat(SecretInspector.read(RedactedSecret.of(secret(facts, data)), SPEC, null))
        .isInstanceOf(TargetState.Damaged.class);
  }

  @Test
  void readsAKeyWithoutAValue() {
    Map<String, String> data = new HashMap<>();
    data.put("access_token", null);

    Map<String, String> facts = new HashMap<>(Map.of(SecretMetadata.MANAGED, "key:access_token"));
    Secret redacted = RedactedSecret.of(secret(facts, data));

    assertThat(redacted.getData().get("access_token")).isNotNull();
    assertThat(TokenLocation.token(secret(new HashMap<>(), data))).isEmpty();
  }

  private static Secret redacted(RandomGenerator random) {
    Map<String, String> facts = new HashMap<>();
    for (String fact : TokenAnnotations.FACTS) {
      if (random.nextInt(8) > 0) {
        facts.put(fact, any(random));
      }
    }
    Map<String, String> data = new HashMap<>();
    for (String key : List.of("access_token", "token", "extra")) {
      if (random.nextBoolean()) {
        byte[] value = any(random).getBytes(StandardCharsets.UTF_8);
        data.put(key, random.nextInt(20) == 0 ? null : Base64.getEncoder().encodeToString(value));
      }
    }
    return RedactedSecret.of(secret(facts, data));
  }

  private static String any(RandomGenerator random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** One whose checksum and token are right, so that its facts are believed. */
  private static Secret secret(Map<String, String> facts, Map<String, @Nullable String> data) {
    Secret bare = build(facts, data);
    String token = RedactedSecret.of(bare).getData().get(RedactedSecret.TOKEN);
    if (token != null) {
      facts.put(SecretMetadata.TOKEN_HASH, token);
    }
    SortedMap<String, String> digests = new TreeMap<>(RedactedSecret.of(bare).getData());
    digests.keySet().retainAll(TokenAnnotations.managed(bare, "key:").toList());
    Map<String, String> annotations = new HashMap<>(facts);
    annotations.put(
        SecretMetadata.CHECKSUM, TokenAnnotations.checksum(new TreeMap<>(facts), digests));
    return build(annotations, data);
  }

  private static Secret build(Map<String, String> annotations, Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("team-a")
        .withName("fleet-token")
        .withResourceVersion("1")
        .withAnnotations(annotations)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("iris.trackunit.com/v1")
                .withKind("IrisCredential")
                .withName("fleet")
                .withUid("uid-1")
                .withController(true)
                .build())
        .endMetadata()
        .withData(data)
        .build();
  }

  private static Observation seen(TargetState target) {
    return new Observation(
        NOW, SPEC.specHash(), "request", target, null, "login/1", null, null, UserRequest.NONE);
  }
}
