package com.trackunit.iris.operator.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenClient;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.TestCertificates;
import com.trackunit.iris.operator.support.TestCertificates.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A private authority: trusted when its file says so, and as soon as it does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaBundleTest {
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Grant LOGIN = Grant.password("id", "secret", "user", "password", List.of());

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CaBundle.class);
  private final TestCertificates ours = TestCertificates.ours();
  private final TestCertificates later = TestCertificates.others();
  private FakeAuthorizationServer server;

  @BeforeEach
  void listen() throws Exception {
    server = FakeAuthorizationServer.start(ours.of(Holder.GOOD));
    log.list.clear();
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    server.close();
  }

  @Test
  void sendsNothingToAPrivateAuthoritysServerWithoutABundle() {
    try (TokenClient endpoint =
        new TokenClient(server.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      assertUntrusted(endpoint.ask(LOGIN));
      assertThat(server.questions()).isEmpty();
    }
  }

  @Test
  void asksItWithTheBundle(@TempDir Path directory) throws Exception {
    Path file = write(directory, ours.authorityPem());
    try (TokenClient endpoint = endpoint(file)) {
      assertGranted(endpoint.ask(LOGIN));
    }
  }

  @Test
  void trustsANewAuthorityFromTheNextExchangeOn(@TempDir Path directory) throws Exception {
    Path file = write(directory, later.authorityPem());
    try (TokenClient endpoint = endpoint(file)) {
      assertUntrusted(endpoint.ask(LOGIN));
      write(directory, ours.authorityPem());
      assertGranted(endpoint.ask(LOGIN));
      write(directory, later.authorityPem());
      assertUntrusted(endpoint.ask(LOGIN));
    }
  }

  @Test
  void seesThroughTheLinksOfAMountedVolume(@TempDir Path volume) throws Exception {
    Files.createDirectory(volume.resolve("one"));
    Files.createDirectory(volume.resolve("two"));
    write(volume.resolve("one"), later.authorityPem());
    write(volume.resolve("two"), ours.authorityPem());
    link(volume, "one");
    Path file = Files.createSymbolicLink(volume.resolve("ca.pem"), Path.of("..data", "bundle.pem"));
    try (TokenClient endpoint = endpoint(file)) {
      assertUntrusted(endpoint.ask(LOGIN));
      link(volume, "two");
      assertGranted(endpoint.ask(LOGIN));
    }
  }

  @Test
  void keepsTheLastGoodOneAndWarnsOncePerBadState(@TempDir Path directory) throws Exception {
    Path file = write(directory, ours.authorityPem());
    try (TokenClient endpoint = endpoint(file)) {
      for (String broken : List.of("hunter2", ours.authorityPem().substring(0, 200))) {
        write(directory, broken);
        assertGranted(endpoint.ask(LOGIN));
        assertGranted(endpoint.ask(LOGIN));
      }
      Files.delete(file);
      assertGranted(endpoint.ask(LOGIN));
      assertGranted(endpoint.ask(LOGIN));
      assertThat(warnings()).hasSize(3).allMatch(warning -> warning.contains("IRIS_CA_BUNDLE"));
      assertThat(warnings()).noneMatch(warning -> warning.contains("hunter2"));

      write(directory, ours.authorityPem());
      assertGranted(endpoint.ask(LOGIN));
      assertThat(warnings()).hasSize(3);
    }
  }

  @Test
  void trustsWhomTheJvmTrustsWhenTheFileWasNeverUsable(@TempDir Path directory) {
    try (TokenClient endpoint = endpoint(directory.resolve("bundle.pem"))) {
      assertUntrusted(endpoint.ask(LOGIN));
      assertThat(warnings()).hasSize(1);
    }
  }

  @Test
  void isReadByTheConfiguration(@TempDir Path directory) throws Exception {
    Path file = write(directory, ours.authorityPem());
    assertThat(OperatorConfig.read(Map.of("IRIS_CA_BUNDLE", file.toString())))
        .isInstanceOfSatisfying(
            OperatorConfig.Reading.Good.class,
            good -> assertThat(good.configuration().endpoints().caBundle()).contains(file));
  }

  private TokenClient endpoint(Path file) {
    return new TokenClient(server.url(), LONG, CaBundle.of(file), HttpsProxy.NONE);
  }

  private static Path write(Path directory, String content) throws Exception {
    return Files.writeString(directory.resolve("bundle.pem"), content);
  }

  /** As kubelet does it: the link is made beside and moved into place. */
  private static void link(Path volume, String directory) throws Exception {
    Path fresh = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(directory));
    Files.move(fresh, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static void assertGranted(TokenResponse answer) {
    assertThat(answer).isInstanceOf(TokenResponse.Granted.class);
  }

  private static void assertUntrusted(TokenResponse answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenResponse.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(TokenError.ENDPOINT_UNTRUSTED));
  }
}
