package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.HelmTools;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Argo CD and Flux make of a credential: their own interpreters run the shipped scripts. */
class GitOpsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARGO_CD =
      "resource.customizations.%s.iris.trackunit.com_IrisCredential";

  /** Argo CD gives a script no library but these: base, table, and os for actions. */
  private static final String SANDBOX =
      "string, math, io, debug, coroutine, channel = nil, nil, nil, nil, nil, nil\n";

  private final HelmTools tools = HelmTools.get();

  static Stream<Arguments> credentials() {
    return Stream.of(
        // Flux waits on an expression that cannot be evaluated as it does on InProgress.
        argumentSet("no status", "{}", null, "Progressing", "no such attribute(s): status"),
        argumentSet(
            "a status that only the definition's default made",
            "{}",
            "{observedGeneration: -1}",
            "Progressing",
            "InProgress"),
        argumentSet(
            "a spec that was not looked at yet",
            "{}",
            status(1, "Ready True TokenValid"),
            "Progressing",
            "InProgress"),
        argumentSet(
            "a first token is being asked for",
            "{}",
            status(2, "Ready False NoToken", "Renewed False EndpointUnavailable"),
            "Progressing",
            "InProgress"),
        argumentSet(
            "waiting for a slot, without a token",
            "{}",
            status(2, "Ready False NoToken", "Renewed False WaitingForSlot"),
            "Progressing",
            "InProgress"),
        argumentSet(
            "a valid token",
            "{}",
            status(2, "Ready True TokenValid", "Renewed True Succeeded"),
            "Healthy",
            "Current"),
        argumentSet(
            "a valid token whose renewal fails",
            "{}",
            status(2, "Ready True TokenValid", "Renewed False EndpointUnavailable"),
            "Healthy",
            "Current"),
        argumentSet(
            "a token that expired in an outage",
            "{}",
            status(2, "Ready False TokenExpired", "Renewed False EndpointUnavailable"),
            "Degraded",
            "InProgress"),
        argumentSet(
            "only a person can help",
            "{}",
            status(
                2,
                "Ready False NoToken",
                "Renewed False CredentialsRejected",
                "Stalled True CredentialsRejected"),
            "Degraded",
            "Failed"),
        argumentSet(
            "suspended with a valid token",
            "{suspend: true}",
            status(2, "Ready True TokenValid", "Renewed False Suspended"),
            "Suspended",
            "Current"));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void areToldHowACredentialIs(String spec, @Nullable String status, String argoCd, String flux)
      throws IOException {
    JsonNode credential = credential(spec, status);

    JsonNode health = lua(argoCd("health"), credential);
    assertThat(health.path("status").asText()).isEqualTo(argoCd);
    assertThat(health.path("message").asText()).isNotEmpty();
    assertThat(flux(credential)).contains(flux);
  }

  @Test
  void argoCdShowsWhatIsToBeDone() throws IOException {
    JsonNode stalled =
        credential(
            "{}",
            status(2, "Ready False NoToken", "Renewed False X", "Stalled True ScopeRejected"));

    assertThat(lua(argoCd("health"), stalled).path("message").asText())
        .isEqualTo("message of Stalled");
  }

  @Test
  void argoCdAsksForARenewal() throws IOException {
    JsonNode action = Serialization.unmarshal(argoCd("actions"), JsonNode.class);
    assertThat(action.at("/definitions/0/name").asText()).isEqualTo("renew");
    String renew = action.at("/definitions/0/action.lua").asText();

    JsonNode changed = lua(renew, credential("{}", null));

    assertThat(changed.at("/metadata/annotations/iris.trackunit.com~1renew-requested-at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    ((ObjectNode) changed.path("metadata")).remove("annotations");
    assertThat(changed).isEqualTo(credential("{}", null));
  }

  @Test
  void argoCdKeepsOtherAnnotationsWhenItAsksForARenewal() throws IOException {
    JsonNode action = Serialization.unmarshal(argoCd("actions"), JsonNode.class);
    ObjectNode credential = credential("{}", null);
    ((ObjectNode) credential.path("metadata")).putObject("annotations").put("a", "b");

    JsonNode changed = lua(action.at("/definitions/0/action.lua").asText(), credential);

    assertThat(changed.at("/metadata/annotations/a").asText()).isEqualTo("b");
    assertThat(changed.at("/metadata/annotations")).hasSize(2);
  }

  @Test
  void argoCdOffersTheRenewalOfWhatIsNotSuspended() throws IOException {
    String discovery =
        Serialization.unmarshal(argoCd("actions"), JsonNode.class).path("discovery.lua").asText();

    assertThat(lua(discovery, credential("{}", null)).at("/renew/disabled").asText())
        .isEqualTo("false");
    assertThat(lua(discovery, credential("{suspend: true}", null)).at("/renew/disabled").asText())
        .isEqualTo("true");
  }

  private static String status(long generation, String... conditions) {
    return Stream.of(conditions)
        .map(condition -> condition.split(" "))
        .map(
            words ->
                "{type: %s, status: '%s', reason: %s, message: message of %s}"
                    .formatted(words[0], words[1], words[2], words[0]))
        .collect(
            Collectors.joining(
                ", ", "{observedGeneration: %d, conditions: [".formatted(generation), "]}"));
  }

  private static ObjectNode credential(String spec, @Nullable String status) {
    return Serialization.unmarshal(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet, namespace: team, generation: 2}
        spec: %s
        %s
        """
            .formatted(spec, status == null ? "" : "status: " + status),
        ObjectNode.class);
  }

  private static String argoCd(String what) throws IOException {
    JsonNode settings =
        Serialization.unmarshal(
            Files.readString(Path.of("deploy/argocd/argocd-cm.yaml")), JsonNode.class);
    return settings.path("data").path(ARGO_CD.formatted(what)).asText();
  }

  private String flux(JsonNode credential) throws IOException {
    JsonNode example =
        Serialization.unmarshal(
            Files.readString(Path.of("deploy/flux/kustomization-with-health-check.yaml")),
            JsonNode.class);
    ObjectNode question = JSON.createObjectNode();
    question.set("expressions", example.at("/spec/healthCheckExprs/0"));
    question.set("object", credential);
    Path file = Files.createTempFile(Path.of("target"), "flux", ".json");
    CommandResult result =
        tools.run("fluxhealth", Files.writeString(file, question.toString()).toString());
    return result.stdout() + result.stderr();
  }

  /** Runs a script as Argo CD does, with {@code obj}, and returns what it returns. */
  private JsonNode lua(String script, JsonNode credential) throws IOException {
    String program =
        """
        local function json(value)
          if type(value) ~= "table" then
            return quoted(value)
          end
          local parts = {}
          for key, part in pairs(value) do
            table.insert(parts, quoted(key) .. ":" .. json(part))
          end
          return "{" .. table.concat(parts, ",") .. "}"
        end
        """;
    Path file = Files.createTempFile(Path.of("target"), "argocd", ".lua");
    Files.writeString(
        file,
        "local format, print = string.format, print\n"
            + "local function quoted(v) if type(v) == 'string' then return format('%q', v) end return tostring(v) end\n"
            + program
            + SANDBOX
            + "obj = "
            + table(credential)
            + "\nlocal function run()\n"
            + script
            + "\nend\nprint(json(run()))\n");
    CommandResult result = tools.run("glua", file.toString());
    assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
    return JSON.readTree(result.stdout());
  }

  private static String table(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(field -> "[" + JSON.valueToTree(field.getKey()) + "] = " + table(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(GitOpsIT::table)
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.toString();
  }
}
