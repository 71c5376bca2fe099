package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server says to a person who writes a credential. */
class AdmissionIT {
  private static final String LOGIN = "credentialsSecretRef: {name: login}";

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();

  @ParameterizedTest
  @MethodSource("mistakes")
  void refusesAMistakeWithASentence(String spec, String sentence) {
    CommandResult refused = apply("fleet", spec);

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains(sentence);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        argumentSet("no login", "scopes: [api]", "spec.credentialsSecretRef: Required value"),
        argumentSet(
            "a login without a name",
            "credentialsSecretRef: {}",
            "spec.credentialsSecretRef.name: Required value"),
        argumentSet(
            "a login in another namespace",
            "credentialsSecretRef: {name: other/login}",
            "spec.credentialsSecretRef.name: Invalid value"),
        argumentSet("an unknown field", LOGIN + ", url: here", "unknown field \"spec.url\""),
        argumentSet(
            "a bad key of a Secret",
            "credentialsSecretRef: {name: login, keys: {username: a/b}}",
            "spec.credentialsSecretRef.keys.username: Invalid value"),
        argumentSet(
            "both margins",
            LOGIN + ", renewBefore: 20m, renewBeforePercentage: 40",
            "renewBefore and renewBeforePercentage exclude each other: keep one of them"),
        argumentSet(
            "a duration without a unit",
            LOGIN + ", renewBefore: '20'",
            "spec.renewBefore: Invalid value"),
        argumentSet(
            "no duration at all, in seconds",
            LOGIN + ", renewBefore: 0s",
            "renewBefore must be longer than 0s: leave it out for the default"),
        argumentSet(
            "no duration at all, in minutes",
            LOGIN + ", renewBefore: 000m",
            "renewBefore must be longer than 0s: leave it out for the default"),
        argumentSet(
            "no duration at all, at length",
            LOGIN + ", renewBefore: 0h0m0s",
            "renewBefore must be longer than 0s: leave it out for the default"),
        argumentSet(
            "a duration in days", LOGIN + ", renewBefore: 1d", "spec.renewBefore: Invalid value"),
        argumentSet(
            "0 percent",
            LOGIN + ", renewBeforePercentage: 0",
            "should be greater than or equal to 1"),
        argumentSet(
            "100 percent",
            LOGIN + ", renewBeforePercentage: 100",
            "should be less than or equal to 99"),
        argumentSet(
            "a grant type that is none",
            LOGIN + ", grantType: Implicit",
            "spec.grantType: Unsupported value: \"Implicit\""),
        argumentSet(
            "client credentials without scopes",
            LOGIN + ", grantType: ClientCredentials",
            "scopes are required unless grantType is Password: name those of the API key or of the app"),
        argumentSet(
            "an app token without scopes",
            LOGIN + ", grantType: AppToken",
            "scopes are required unless grantType is Password: name those of the API key or of the app"),
        argumentSet("no scope", LOGIN + ", scopes: []", "should have at least 1 items"),
        argumentSet("an empty scope", LOGIN + ", scopes: ['']", "spec.scopes[0]: Invalid value"),
        argumentSet(
            "two scopes in one",
            LOGIN + ", scopes: ['api fleet']",
            "spec.scopes[0]: Invalid value"),
        argumentSet(
            "a label whose prefix is no domain",
            LOGIN + ", targetSecret: {labels: {a..b/x: z}}",
            "labels: a name must be"),
        argumentSet("65 scopes", LOGIN + scopes(65), "must have at most 64 items"),
        argumentSet(
            "the login as the target",
            LOGIN + ", targetSecret: {name: login}",
            "spec.targetSecret.name must differ from spec.credentialsSecretRef.name: a token must not replace the login"),
        argumentSet(
            "the login as the target by default",
            "credentialsSecretRef: {name: fleet-token}",
            "spec.targetSecret.name must differ from spec.credentialsSecretRef.name"),
        argumentSet(
            "a target that cannot be a name",
            LOGIN + ", targetSecret: {name: Fleet_Token}",
            "spec.targetSecret.name: Invalid value"),
        argumentSet(
            "a label of ours",
            target("labels: {iris.trackunit.com/credentials: 'true'}"),
            "labels: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved"),
        argumentSet(
            "a label of Kubernetes",
            target("labels: {kubernetes.io/metadata.name: a}"),
            "labels: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved"),
        argumentSet(
            "a label that the operator sets",
            target("labels: {app.kubernetes.io/managed-by: me}"),
            "labels: app.kubernetes.io/managed-by and app.kubernetes.io/name are set by the operator"),
        argumentSet(
            "a label with a space", target("labels: {team: a b}"), "spec.targetSecret.labels.team"),
        argumentSet(
            "a label without a good name",
            target("labels: {-team: a}"),
            "labels: a name must be 1 to 63 letters"),
        argumentSet(
            "an annotation of ours",
            target("annotations: {iris.trackunit.com/expires-at: never}"),
            "annotations: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved"),
        argumentSet(
            "an annotation of Kubernetes",
            target("annotations: {k8s.io/a: b}"),
            "annotations: names under iris.trackunit.com/, kubernetes.io/ and k8s.io/ are reserved"),
        argumentSet(
            "suspend is no yes or no", LOGIN + ", suspend: maybe", "spec.suspend: Invalid"));
  }

  @ParameterizedTest
  @MethodSource("templateMistakes")
  void refusesAMistakeInATemplateAndNamesKeyAndVariable(String data, String sentence) {
    refusesAMistakeWithASentence(target("data: {" + data + "}"), sentence);
  }

  static Stream<Arguments> templateMistakes() {
    String token = "a: '{{access_token}}', ";
    return Stream.of(
        argumentSet("no key at all", "", "should have at least 1 properties"),
        argumentSet(
            "a key with a slash",
            token + "a/b: ''",
            "data: \"a/b\" cannot be a key of a Secret: use at most 253 letters"),
        argumentSet("a key that is a dot", token + ".: ''", "data: \".\" cannot be a key"),
        argumentSet("a key that leads up", token + "..a: ''", "data: \"..a\" cannot be a key"),
        argumentSet("an empty key", token + "'': ''", "data: \"\" cannot be a key"),
        argumentSet(
            "a key of 254 letters",
            token + "k".repeat(254) + ": ''",
            "k\" cannot be a key of a Secret"),
        argumentSet(
            "an unknown variable",
            token + "npmrc: 'x={{refresh_token}}'",
            "data: \"npmrc\" uses {{refresh_token}}, which is no variable: write {{access_token}}, "),
        argumentSet(
            "a variable with spaces",
            "npmrc: '{{ access_token }}{{access_token}}'",
            "data: \"npmrc\" uses {{ access_token }}, which is no variable"),
        argumentSet(
            "a variable in capitals",
            token + "b: '{{SCOPE}}'",
            "data: \"b\" uses {{SCOPE}}, which"),
        argumentSet(
            "a variable that does not end",
            token + "b: '{{scope'",
            "data: \"b\" uses {{scope, which is no variable"),
        argumentSet(
            "a variable without a name", token + "b: '{{}}'", "data: \"b\" uses {{}}, which is"),
        argumentSet(
            "a known variable in an unknown one",
            token + "b: '{{{{scope}}}}'",
            "data: \"b\" uses {{ }}, which is no variable"),
        argumentSet(
            "no token anywhere",
            "scope: '{{scope}}'",
            "data: one key at least must hold {{access_token}}"),
        argumentSet(
            "the token nine times",
            "a: '" + "{{access_token}}".repeat(8) + "', b: '{{access_token}}'",
            "data: {{access_token}} and {{scope}} may stand there 8 times in all"),
        argumentSet(
            "seven tokens and two scopes",
            "a: '" + "{{access_token}}".repeat(7) + "', b: '{{scope}}{{scope}}'",
            "data: {{access_token}} and {{scope}} may stand there 8 times in all"),
        argumentSet(
            "a template of 4097 characters", token + "b: '" + "x".repeat(4097) + "'", " than 4096"),
        argumentSet(
            "17 keys",
            IntStream.range(0, 17)
                .mapToObj(key -> "key-" + key + ": '{{access_token}}'")
                .collect(Collectors.joining(", ")),
            "spec.targetSecret.data: Too many: 17"),
        argumentSet(
            "a value that is no text",
            "a: {b: c}",
            "unknown field \"spec.targetSecret.data.a.b\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "credentialsSecretRef: {name: login, keys: {username: user, clientSecret: client.secret}}",
        LOGIN + ", scopes: [api, 'https://example.com/scope']",
        LOGIN + ", grantType: Password",
        LOGIN + ", grantType: ClientCredentials, scopes: [asset.view, api.iso15143.snapshot]",
        LOGIN + ", grantType: AppToken, scopes: [asset.view]",
        LOGIN + ", renewBefore: 1h20m10s",
        LOGIN + ", renewBeforePercentage: 99",
        LOGIN + ", targetSecret: {labels: {app.kubernetes.io/part-of: fleet, team: ''}}",
        LOGIN + ", targetSecret: {annotations: {sub.kubernetes.io/a: b}}",
        LOGIN + ", suspend: true",
        LOGIN
            + ", targetSecret: {data: {.npmrc: '//npm.example.com/:_authToken={{access_token}}'}}",
        LOGIN
            + ", targetSecret: {data: {a.json: '{\"a\":{\"t\":\"{{access_token}}\",\"i\":\"{{issued_at}}\"}}'}}",
        LOGIN
            + ", targetSecret: {data: {ENV: '{{{access_token}}} {{token_type}}{{scope}}{{expires_at}} { { }}'}}"
      })
  void takesWhatIsMeant(String spec) {
    CommandResult applied = apply("fleet", spec);

    assertThat(applied)
        .isEqualTo(new CommandResult(0, "iriscredential.iris.trackunit.com/fleet created\n", ""));
  }

  @Test
  void marksACredentialThatNoOperatorHasLookedAt() {
    apply("fleet", LOGIN);

    CommandResult seen =
        plane.kubectl("get", "iriscred/fleet", "-n" + namespace, "-o=jsonpath={.status}");

    assertThat(seen.stdout()).isEqualTo("{\"observedGeneration\":-1}");
  }

  @Test
  void refusesAnotherTargetForTheSameCredential() {
    apply("fleet", LOGIN);

    CommandResult refused = apply("fleet", LOGIN + ", targetSecret: {name: other}");

    assertThat(refused.stderr())
        .contains(
            "spec.targetSecret.name cannot be changed: delete this resource and create another");
  }

  @Test
  void refusesToBecomeAClientWithoutScopes() {
    apply("fleet", LOGIN);

    CommandResult refused = apply("fleet", LOGIN + ", grantType: ClientCredentials");

    assertThat(refused.stderr()).contains("scopes are required unless grantType is Password");
  }

  @Test
  void takes64ScopesOfTheLargestSize() {
    assertThat(apply("fleet", LOGIN + scopes(64)).exitCode()).isZero();
  }

  @Test
  void takesTheDefaultTargetByItsName() {
    apply("fleet", LOGIN);

    CommandResult applied = apply("fleet", LOGIN + ", targetSecret: {name: fleet-token}");

    assertThat(applied.exitCode()).isZero();
  }

  @Test
  void refusesANameThatLeavesNoRoomForTheTargets() {
    CommandResult refused = apply("a".repeat(248), LOGIN);

    assertThat(refused.stderr())
        .contains(
            "metadata.name is too long to append -token: name the Secret in spec.targetSecret.name");
  }

  /** As many of the longest scopes. */
  private static String scopes(int count) {
    return IntStream.range(100, 100 + count)
        .mapToObj(number -> number + "x".repeat(125))
        .collect(Collectors.joining(", ", ", scopes: [", "]"));
  }

  private static String target(String fields) {
    return LOGIN + ", targetSecret: {" + fields + "}";
  }

  private CommandResult apply(String name, String spec) {
    return plane.kubectlWithInput(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: {%s}
        """
            .formatted(name, spec),
        "apply",
        "--namespace=" + namespace,
        "--filename=-");
  }
}
