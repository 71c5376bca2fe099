package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.TestCertificates;
import com.trackunit.iris.operator.support.TestCertificates.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom the operator trusts with a login, and what becomes of a credential when it does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustStoriesIT {
  private static final String MISCONFIGURED = "False EndpointMisconfigured";

  private Story story;
  private final TestCertificates ours = TestCertificates.ours();
  private final TestCertificates others = TestCertificates.others();
  private Path bundle;

  @BeforeAll
  void makeBundle(@TempDir Path directory) throws Exception {
    bundle = directory.resolve("bundle.pem");
  }

  @BeforeEach
  void begin() {
    story = new Story();
  }

  @AfterEach
  void end() {
    story.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"ELSEWHERE", "EXPIRED", "EARLY", "STRANGER"})
  void sendsNoLoginToAServerItDoesNotTrust(Holder holder) throws Exception {
    Files.writeString(bundle, ours.authorityPem());
    try (RawServer server = RawServer.tls(ours.of(holder), TrustStoriesIT::grant)) {
      trustBundle(server);
      story.login("secret");
      story.createCredential();

      story.awaitRenewed(MISCONFIGURED);

      assertThat(story.secret(Story.TARGET)).isNull();
      assertThat(server.conversations()).extracting(Conversation::heard).containsOnly("");
    }
  }

  @Test
  void keepsTheTokenWhileTheBundleIsWrongAndRenewsOnceItIsCorrected() throws Exception {
    Files.writeString(bundle, ours.authorityPem());
    try (RawServer server = RawServer.tls(ours.of(Holder.GOOD), TrustStoriesIT::grant)) {
      trustBundle(server);
      story.login("secret");
      story.createCredential();
      story.awaitEvent("TokenIssued");
      Map<String, String> before = story.secret(Story.TARGET).getData();

      Files.writeString(bundle, others.authorityPem());
      story.pass(Story.UNTIL_DUE);
      story.awaitRenewed(MISCONFIGURED);
      assertThat(story.secret(Story.TARGET).getData()).isEqualTo(before);
      assertThat(story.condition("Ready")).isEqualTo("True TokenValid");

      // Within its wait of a minute, and without another change of anything else.
      Files.writeString(bundle, ours.authorityPem());
      story.poke();
      await("renewal").until(() -> !story.secret(Story.TARGET).getData().equals(before));
      story.awaitRenewed("True Succeeded");
    }
  }

  private void trustBundle(RawServer server) {
    story.replaceOperator(server.url(), Map.of("IRIS_CA_BUNDLE", bundle.toString()));
  }

  private static void grant(Conversation client) throws IOException {
    client.hear();
    String body = "{\"access_token\":\"t" + System.nanoTime() + "\",\"expires_in\":3600}";
    client.say(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
