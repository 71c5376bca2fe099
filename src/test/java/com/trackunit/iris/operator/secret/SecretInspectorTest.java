package com.trackunit.iris.operator.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a target Secret says of itself after somebody was at it. */
class SecretInspectorTest {
  private static final Instant ASKED = Instant.parse("2026-05-04T12:00:00.900Z");
  private static final EffectiveSpec SPEC =
      Specs.fleet("targetSecret: {labels: {team: a}, annotations: {example.com/owner: a}}");
  private static final IssuedToken GRANTED =
      new IssuedToken(
          "the-token", Duration.ofSeconds(3600), Optional.of("api"), false, Optional.empty());
  private static final StoredToken TOKEN =
      TokenIssuance.of(GRANTED, ASKED, SPEC, "login/1", null).orElseThrow();

  enum Expected {
    WHOLE,
    DRIFTED,
    /** Only what this process remembers can mend it. */
    DRIFTED_OR_DAMAGED,
    DAMAGED
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        edit("nobody was at it", secret -> {}, Expected.WHOLE),
        edit(
            "a stranger's key",
            secret -> secret.getData().put("extra", base64("x")),
            Expected.WHOLE),
        edit("a stranger's label", secret -> labels(secret).put("extra", "x"), Expected.WHOLE),
        edit(
            "a stranger's annotation",
            secret -> annotations(secret).put("extra", "x"),
            Expected.WHOLE),
        edit("a user's label edited", secret -> labels(secret).put("team", "b"), Expected.DRIFTED),
        edit("a user's label removed", secret -> labels(secret).remove("team"), Expected.DRIFTED),
        edit(
            "our label removed",
            secret -> labels(secret).remove("app.kubernetes.io/name"),
            Expected.DRIFTED),
        edit(
            "a user's annotation edited",
            secret -> annotations(secret).put("example.com/owner", "b"),
            Expected.DRIFTED),
        edit(
            "expires-at edited",
            secret ->
                annotations(secret).put("iris.trackunit.com/expires-at", "2036-01-01T00:00:00Z"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "expires-at removed",
            secret -> annotations(secret).remove("iris.trackunit.com/expires-at"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "issued-at is no time",
            secret -> annotations(secret).put("iris.trackunit.com/issued-at", "x"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "the checksum removed",
            secret -> annotations(secret).remove("iris.trackunit.com/checksum"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "the list of what is ours removed",
            secret -> annotations(secret).remove("iris.trackunit.com/managed"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "the token's fingerprint edited",
            secret -> annotations(secret).put("iris.trackunit.com/token-sha256", "x"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "all annotations removed",
            secret -> secret.getMetadata().setAnnotations(null),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "authorization edited",
            secret -> secret.getData().put("authorization", base64("x")),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "authorization removed",
            secret -> secret.getData().remove("authorization"),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "the token edited",
            secret -> secret.getData().put("access_token", base64("x")),
            Expected.DAMAGED),
        edit(
            "the token removed",
            secret -> secret.getData().remove("access_token"),
            Expected.DAMAGED),
        edit("everything removed", secret -> secret.setData(null), Expected.DAMAGED));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void readsWithAMemory(Consumer<Secret> edit, Expected expected) {
    assertThat(read(edited(edit), SPEC, TOKEN)).isEqualTo(target(expected, true));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void readsAfterARestart(Consumer<Secret> edit, Expected expected) {
    assertThat(read(edited(edit), SPEC, null)).isEqualTo(target(expected, false));
  }

  private static final EffectiveSpec TEMPLATED =
      Specs.templated(Map.of("file", "t={{access_token}};", "kind", "{{token_type}}"));

  static Stream<Arguments> editsOfTemplatedContent() {
    return Stream.of(
        edit("nobody was at it", secret -> {}, Expected.WHOLE),
        edit(
            "a stranger's key",
            secret -> secret.getData().put("access_token", base64("x")),
            Expected.WHOLE),
        edit(
            "a key without the token edited",
            secret -> secret.getData().put("kind", base64("x")),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "what stands behind the token edited",
            secret -> secret.getData().put("file", base64("t=the-token;\n")),
            Expected.DRIFTED_OR_DAMAGED),
        edit(
            "what stands before the token moves it",
            secret -> secret.getData().put("file", base64("\nt=the-token;")),
            Expected.DAMAGED),
        edit(
            "the token edited",
            secret -> secret.getData().put("file", base64("t=a-token;")),
            Expected.DAMAGED),
        edit("the token removed", secret -> secret.getData().remove("file"), Expected.DAMAGED),
        edit(
            "the note of its place edited",
            secret -> annotations(secret).put("iris.trackunit.com/token-at", "file 0 9"),
            Expected.DAMAGED),
        edit(
            "the fingerprint of the templates edited",
            secret -> annotations(secret).put("iris.trackunit.com/templates-sha256", "x"),
            Expected.DRIFTED_OR_DAMAGED));
  }

  @ParameterizedTest
  @MethodSource("editsOfTemplatedContent")
  void readsTemplatedContent(Consumer<Secret> edit, Expected expected) {
    Secret edited = edited(TEMPLATED, edit);
    assertThat(read(edited, TEMPLATED, TOKEN)).isEqualTo(target(expected, true));
    assertThat(read(edited, TEMPLATED, null)).isEqualTo(target(expected, false));
  }

  private static TargetState target(Expected expected, boolean remembered) {
    return switch (expected) {
      case WHOLE -> new TargetState.Held(TOKEN, false, false);
      case DRIFTED -> new TargetState.Held(TOKEN, true, false);
      case DRIFTED_OR_DAMAGED ->
          remembered ? new TargetState.Held(TOKEN, true, false) : new TargetState.Damaged();
      case DAMAGED -> new TargetState.Damaged();
    };
  }

  @Test
  void otherTemplatesAreRenderedFromTheStoredToken() {
    EffectiveSpec other =
        Specs.templated(Map.of("file", "token={{access_token}};", "kind", "{{token_type}}"));
    TargetState drifted = new TargetState.Held(TOKEN, true, false);
    assertThat(read(edited(TEMPLATED, secret -> {}), other, null)).isEqualTo(drifted);
    assertThat(read(edited(TEMPLATED, secret -> {}), Specs.fleet(), null)).isEqualTo(drifted);
    assertThat(read(edited(Specs.fleet(), secret -> {}), TEMPLATED, null)).isEqualTo(drifted);
  }

  @Test
  void anImmutableSecretIsKnownAsOne() {
    assertThat(read(edited(secret -> secret.setImmutable(true)), SPEC, TOKEN))
        .isEqualTo(new TargetState.Held(TOKEN, false, true));
  }

  @Test
  void aLabelOfTheSpecIsMissing() {
    EffectiveSpec today =
        Specs.fleet(
            "targetSecret: {labels: {team: a, tier: '1'}, annotations: {example.com/owner: a}}");
    assertThat(read(edited(secret -> {}), today, TOKEN))
        .isEqualTo(new TargetState.Held(TOKEN, true, false));
  }

  @Test
  void aLabelThatLeftTheSpecIsTooMuch() {
    EffectiveSpec today = Specs.fleet("targetSecret: {annotations: {example.com/owner: a}}");
    assertThat(read(edited(secret -> {}), today, TOKEN))
        .isEqualTo(new TargetState.Held(TOKEN, true, false));
  }

  @Test
  void anotherMarginMovesTheRenewalOfTheStoredToken() {
    EffectiveSpec today =
        Specs.fleet(
            "targetSecret: {labels: {team: a}, annotations: {example.com/owner: a}}",
            "renewBefore: 50m");
    TargetState target = read(edited(secret -> {}), today, TOKEN);
    assertThat(target)
        .isInstanceOfSatisfying(
            TargetState.Held.class,
            held -> {
              assertThat(held.token().renewAt()).isEqualTo("2026-05-04T12:10:00Z");
              assertThat(held.drifted()).isTrue();
            });
  }

  @Test
  void ownershipIsTheControllersUidAndNothingElse() {
    assertThat(read(owned("Deployment", "apps/v1", "web", "uid-2", true), SPEC, TOKEN))
        .isEqualTo(new TargetState.Foreign("Deployment web"));
    assertThat(
            read(
                owned("IrisCredential", "iris.trackunit.com/v1", "other", "uid-0", true),
                SPEC,
                TOKEN))
        .isEqualTo(new TargetState.Foreign("IrisCredential other"));
    assertThat(read(owned("IrisCredential", "example.com/v1", "fleet", "uid-0", true), SPEC, TOKEN))
        .isEqualTo(new TargetState.Foreign("IrisCredential fleet"));
  }

  @Test
  void showsAnOwnerWithoutWhatAStrangerHid() {
    TargetState state =
        read(
            owned(
                "Deploy\r\nment", "apps/v1", "\u001b[31mweb" + "x".repeat(900_000), "uid-2", true),
            SPEC,
            TOKEN);

    assertThat(state)
        .isEqualTo(new TargetState.Foreign("Deploy??ment ?[31mweb" + "x".repeat(253 - 8)));
  }

  /** Edits of a Secret without a controller, and whether it is adopted after them. */
  static Stream<Arguments> orphans() {
    return Stream.of(
        argumentSet("nobody was at it", orphan(secret -> {}), true),
        argumentSet(
            "a stranger's key, label and annotation",
            orphan(
                secret -> {
                  secret.getData().put("extra", base64("x"));
                  labels(secret).put("extra", "x");
                  annotations(secret).put("extra", "x");
                }),
            true),
        argumentSet(
            "our label removed",
            orphan(secret -> labels(secret).remove("app.kubernetes.io/name")),
            false),
        argumentSet(
            "our label edited",
            orphan(secret -> labels(secret).put("app.kubernetes.io/managed-by", "helm")),
            false),
        argumentSet(
            "only our labels", orphan(secret -> secret.getMetadata().setAnnotations(null)), false),
        argumentSet(
            "the checksum edited",
            orphan(secret -> annotations(secret).put("iris.trackunit.com/checksum", "x")),
            false),
        argumentSet(
            "a fact edited",
            orphan(
                secret ->
                    annotations(secret)
                        .put("iris.trackunit.com/expires-at", "2036-01-01T00:00:00Z")),
            false),
        argumentSet(
            "the token edited",
            orphan(secret -> secret.getData().put("access_token", base64("x"))),
            false),
        argumentSet(
            "written by an earlier version, for nobody knows whom",
            orphan(secret -> annotations(secret).remove("iris.trackunit.com/origin")),
            false));
  }

  @ParameterizedTest
  @MethodSource("orphans")
  void adoptsWithoutAController(Secret orphan, boolean adopted) {
    TargetState expected =
        adopted ? new TargetState.Orphaned() : new TargetState.Foreign("no IrisCredential");
    assertThat(read(orphan, SPEC, TOKEN)).isEqualTo(expected);
  }

  static Stream<Arguments> others() {
    return Stream.of(
        argumentSet(
            "another namespace", EffectiveSpec.of(Specs.credential("team-b", "fleet", "uid-1"))),
        argumentSet("another Secret", Specs.fleet("targetSecret: {name: other-token}")),
        argumentSet(
            "another credential",
            EffectiveSpec.of(
                Specs.credential(
                    "team-a", "other", "uid-1", "targetSecret: {name: fleet-token}"))));
  }

  @ParameterizedTest
  @MethodSource("others")
  void adoptsNothingThatWasWrittenForAnother(EffectiveSpec other) {
    assertThat(read(orphan(secret -> {}), other, null)).isInstanceOf(TargetState.Foreign.class);
  }

  @Test
  void knowsWhetherAnEarlierCredentialsSecretMayBeAdopted() {
    Instant made = Instant.parse("2026-05-04T12:00:00Z");
    Consumer<Secret> earlier =
        secret -> {
          secret.getMetadata().setCreationTimestamp(made.toString());
          secret
              .getMetadata()
              .getOwnerReferences()
              .set(
                  0,
                  owner("IrisCredential", "iris.trackunit.com/v1", "fleet", "uid-0", true).build());
        };
    assertThat(read(edited(earlier), SPEC, TOKEN))
        .isEqualTo(new TargetState.Predecessor(true, made));
    assertThat(read(edited(earlier.andThen(secret -> labels(secret).clear())), SPEC, TOKEN))
        .isEqualTo(new TargetState.Predecessor(false, made));
  }

  @Test
  void aControllerIsOneByItsFlagAlone() {
    assertThat(
            read(
                owned("IrisCredential", "iris.trackunit.com/v1", "fleet", "uid-1", false),
                SPEC,
                TOKEN))
        .isEqualTo(new TargetState.Orphaned());
  }

  @Test
  void aSecretOfAnEarlierVersionIsNeitherDamagedNorWrittenAgain() {
    assertThat(
            read(
                edited(secret -> annotations(secret).remove("iris.trackunit.com/origin")),
                SPEC,
                null))
        .isEqualTo(new TargetState.Held(TOKEN, false, false));
    assertThat(
            read(
                edited(secret -> annotations(secret).put("iris.trackunit.com/origin", "x")),
                SPEC,
                null))
        .isEqualTo(new TargetState.Held(TOKEN, true, false));
  }

  @Test
  void aLifeOfMoreThanADayIsForged() {
    Lifetime life = new Lifetime(ASKED, ASKED.plus(Duration.ofDays(1)).plusSeconds(1));
    StoredToken forged =
        new StoredToken(
            life, SPEC.renewalOf(life).at(), "api", SPEC.specHash(), TOKEN.tokenHash(), null, null);
    DesiredSecret content = DesiredSecret.render(SPEC, forged, "the-token");
    assertThat(
            read(
                edited(secret -> secret.getMetadata().setAnnotations(content.annotations())),
                SPEC,
                null))
        .isEqualTo(new TargetState.Damaged());
  }

  private static Secret orphan(Consumer<Secret> edit) {
    return edited(edit.andThen(secret -> secret.getMetadata().setOwnerReferences(null)));
  }

  @Test
  void aRepeatedTokenKeepsItsEnd() {
    Instant later = ASKED.plusSeconds(1800);
    assertThat(TokenIssuance.of(GRANTED, later, SPEC, "login/1", TOKEN))
        .hasValueSatisfying(
            again -> {
              assertThat(again.lifetime().expiresAt()).isEqualTo(TOKEN.lifetime().expiresAt());
              assertThat(again.renewAt())
                  .isBetween(later.plusSeconds(899), later.plusSeconds(1207));
            });
    assertThat(TokenIssuance.of(GRANTED, ASKED.plusSeconds(3590), SPEC, "login/1", TOKEN))
        .isPresent();
    assertThat(TokenIssuance.of(GRANTED, ASKED.plusSeconds(3591), SPEC, "login/1", TOKEN))
        .isEmpty();
  }

  @Test
  void aPatchTakesAwayWhatLeftTheSpec() {
    EffectiveSpec today = Specs.fleet();
    DesiredSecret content = DesiredSecret.render(today, TOKEN, "the-token");
    assertThat(content.mergePatch(edited(secret -> labels(secret).put("extra", "x"))).toString())
        .contains("team=null", "example.com/owner=null", "resourceVersion=5")
        .doesNotContain("extra");
  }

  @Test
  void neverShowsTheToken() {
    assertThat(DesiredSecret.render(SPEC, TOKEN, "the-token").toString())
        .doesNotContain("the-token");
    assertThat(edited(secret -> {}).toString()).doesNotContain("the-token", base64("the-token"));
  }

  private static TargetState read(
      Secret redacted, EffectiveSpec spec, @Nullable StoredToken remembered) {
    return SecretInspector.read(redacted, spec, remembered);
  }

  private static Arguments edit(String sentence, Consumer<Secret> edit, Expected expected) {
    return argumentSet(sentence, edit, expected);
  }

  private static Secret edited(Consumer<Secret> edit) {
    return edited(SPEC, edit);
  }

  private static Secret edited(EffectiveSpec spec, Consumer<Secret> edit) {
    DesiredSecret content = DesiredSecret.render(spec, TOKEN, "the-token");
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("team-a")
            .withName("fleet-token")
            .withResourceVersion("5")
            .withLabels(content.labels())
            .withAnnotations(content.annotations())
            .withOwnerReferences(
                owner("IrisCredential", "iris.trackunit.com/v1", "fleet", "uid-1", true).build())
            .endMetadata()
            .withData(content.encodedData())
            .build();
    edit.accept(secret);
    return RedactedSecret.of(secret);
  }

  private static Secret owned(
      String kind, String version, String name, String uid, boolean controller) {
    return edited(
        secret ->
            secret
                .getMetadata()
                .getOwnerReferences()
                .set(0, owner(kind, version, name, uid, controller).build()));
  }

  private static OwnerReferenceBuilder owner(
      String kind, String version, String name, String uid, boolean controller) {
    return new OwnerReferenceBuilder()
        .withKind(kind)
        .withApiVersion(version)
        .withName(name)
        .withUid(uid)
        .withController(controller);
  }

  private static Map<String, String> labels(Secret secret) {
    return secret.getMetadata().getLabels();
  }

  private static Map<String, String> annotations(Secret secret) {
    return secret.getMetadata().getAnnotations();
  }

  private static String base64(String value) {
    return Base64.getEncoder()
        .encodeToString(value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
