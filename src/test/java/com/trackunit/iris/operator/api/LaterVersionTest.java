package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.startup.KubernetesClients;
import com.trackunit.iris.operator.status.RetryStateFormat;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A resource that a later version of the schema let in is read, and what cannot be is named. */
class LaterVersionTest {
  private static final KubernetesSerialization SERIALIZATION = KubernetesClients.serialization();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final int TRIES = 20_000;
  private static final String FULL =
      """
      apiVersion: iris.trackunit.com/v1
      kind: IrisCredential
      metadata: {name: fleet, namespace: team, uid: u, generation: 3, annotations: {a: b}}
      spec:
        credentialsSecretRef: {name: login, keys: {username: u, password: p, clientId: c, clientSecret: s}}
        grantType: Password
        scopes: [api, fleet]
        targetSecret: {name: token, labels: {a: b}, annotations: {c: d}, data: {token: "{{access_token}}"}}
        renewBefore: 20m
        renewBeforePercentage: 40
        suspend: false
      status:
        observedGeneration: 3
        conditions:
        - {type: Ready, status: "True", reason: TokenValid, message: m, lastTransitionTime: "2026-05-04T12:00:00Z", observedGeneration: 3}
        token: {issuedAt: "2026-05-04T12:00:00Z", expiresAt: "2026-05-04T13:00:00Z", renewAt: "2026-05-04T12:30:00Z", scope: api}
        binding: {name: token}
        failures:
          count: 1
          lastTime: "2026-05-04T12:00:00Z"
          nextAttemptTime: "2026-05-04T12:10:00Z"
          class: Rejected
          reason: CredentialsRejected
          requestHash: h
          credentialsVersion: v
          rejections: {login: l, count: 1, lastTime: "2026-05-04T12:00:00Z", nextAttemptTime: "2026-05-04T12:10:00Z", tries: ["2026-05-04T12:00:00Z"]}
        lastHandledRenewRequest: r
      """;

  static Stream<Arguments> specs() {
    return Stream.of(
        argumentSet("a value that is none of ours", "grantType: TokenExchange", "spec.grantType"),
        argumentSet("a number where text was", "renewBefore: 600", "spec.renewBefore"),
        argumentSet(
            "text where a number was", "renewBeforePercentage: '40'", "spec.renewBeforePercentage"),
        argumentSet("text where a flag was", "suspend: 'true'", "spec.suspend"),
        argumentSet("text where a list was", "scopes: api", "spec.scopes"),
        argumentSet("an object in a list", "scopes: [{name: api}]", "spec.scopes"),
        argumentSet("nothing in a list", "scopes: [api, null]", "spec.scopes"),
        argumentSet("a list where an object was", "targetSecret: [a]", "spec.targetSecret"),
        argumentSet(
            "a number among labels",
            "targetSecret: {labels: {a: 1}}",
            "spec.targetSecret.labels.a"),
        argumentSet("a field that is not known", "zone: eu", "spec.zone"),
        argumentSet(
            "one deeper",
            "credentialsSecretRef: {name: login, namespace: other}",
            "spec.credentialsSecretRef.namespace"),
        argumentSet("no login", "credentialsSecretRef: null", "spec.credentialsSecretRef"),
        argumentSet(
            "a login without a name", "credentialsSecretRef: {}", "spec.credentialsSecretRef"),
        argumentSet("another form of duration", "renewBefore: 2d", "spec.renewBefore"),
        argumentSet("another range", "renewBeforePercentage: 150", "spec.renewBeforePercentage"),
        argumentSet(
            "another variable",
            "targetSecret: {data: {t: '{{tenant}} {{access_token}}'}}",
            "spec.targetSecret.data.t"));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void namesTheFieldThatItCannotRead(String change, String field) throws Exception {
    ObjectNode resource = (ObjectNode) YAML.readTree(FULL);
    ObjectNode spec = (ObjectNode) resource.get("spec");
    spec.remove(List.of("renewBefore", "renewBeforePercentage"));
    spec.setAll((ObjectNode) YAML.readTree(change));

    assertThat(EffectiveSpec.of(read(resource)).unsupported()).isEqualTo(field);
  }

  @Test
  void readsAllOfOurOwn() throws Exception {
    IrisCredential read = read(YAML.readTree(FULL));

    assertThat(EffectiveSpec.of(read).unsupported()).isNull();
    assertThat(read.copy().unreadableField()).isEmpty();
    assertThat(
            SERIALIZATION
                .<JsonNode>unmarshal(SERIALIZATION.asJson(read), JsonNode.class)
                .get("status"))
        .isEqualTo(YAML.readTree(FULL).get("status"));
  }

  @Test
  void aCopyRemembersWhatCouldNotBeRead() throws Exception {
    ObjectNode resource = (ObjectNode) YAML.readTree(FULL);
    ((ObjectNode) resource.get("spec")).put("grantType", "TokenExchange");

    assertThat(read(resource).copy().unreadableField()).hasValue("spec.grantType");
  }

  @Test
  void anUnreadablePartOfAStatusTakesNothingElseWithIt() throws Exception {
    ObjectNode resource = (ObjectNode) YAML.readTree(FULL);
    ObjectNode status = (ObjectNode) resource.get("status");
    ((ObjectNode) status.get("token")).put("expiresAt", "soon");
    ((ArrayNode) status.get("conditions")).add("a text");

    IrisCredentialStatus read = read(resource).statusOrNone();

    assertThat(read.token()).isNull();
    assertThat(read.conditions()).hasSize(1);
    assertThat(read.failures().rejections().login()).isEqualTo("l");
  }

  @Test
  void readsWhateverTheApiServerCouldHold() throws Exception {
    JsonNode ours = YAML.readTree(FULL);
    for (int seed = 0; seed < TRIES; seed++) {
      Random random = new Random(seed);
      JsonNode resource = ours.deepCopy();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        change(resource.get(random.nextBoolean() ? "spec" : "status"), random);
      }
      try {
        IrisCredential read = read(resource).copy();
        EffectiveSpec.of(read).specHash();
        RetryStateFormat.read(read.statusOrNone());
        assertThat(read.getMetadata().getName()).isEqualTo("fleet");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + resource, e);
      }
    }
  }

  // Replaces, removes or adds one value anywhere in the tree.
  private static void change(JsonNode root, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    switch (containers.get(random.nextInt(containers.size()))) {
      case ObjectNode object -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        names.add("newer");
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(5) == 0) {
          object.remove(name);
        } else {
          object.set(name, any(random, 2));
        }
      }
      case ArrayNode array -> array.insert(0, any(random, 2));
      default -> throw new IllegalStateException();
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static JsonNode any(Random random, int depth) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (random.nextInt(depth == 0 ? 9 : 11)) {
      case 0 -> json.nullNode();
      case 1 -> json.booleanNode(random.nextBoolean());
      case 2 -> json.numberNode(random.nextInt());
      case 3 -> json.numberNode(random.nextLong());
      case 4 -> json.numberNode(random.nextDouble() * 1e300);
      case 5 -> json.textNode("");
      case 6 -> json.textNode("TokenExchange");
      case 7 -> json.textNode("2026-05-04T12:00:00.123456+02:00");
      case 8 -> json.textNode("+999999999-12-31T23:59:59Z");
      case 9 -> json.arrayNode().add(any(random, depth - 1));
      default -> json.objectNode().set("name", any(random, depth - 1));
    };
  }

  private static IrisCredential read(JsonNode resource) {
    return Optional.of(SERIALIZATION.unmarshal(resource.toString(), IrisCredential.class))
        .orElseThrow();
  }
}
