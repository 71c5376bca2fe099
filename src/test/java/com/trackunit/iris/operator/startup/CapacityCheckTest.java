package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.support.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What the log says at the start about too many credentials. Each may be asked for once a minute.
 */
class CapacityCheckTest {
  private static final RateLimits ONCE_A_MINUTE = new RateLimits(1 / 60.0, 1);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CapacityCheck.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  @Test
  void reckonsWithTheLifeThatTheTokensHave() {
    warn(credential(GrantType.PASSWORD, null), 22);
    assertThat(log.list).isEmpty();

    warn(credential(GrantType.PASSWORD, Duration.ofMinutes(10)), 22);
    assertThat(log.list).hasSize(1);
  }

  @Test
  void reckonsAnAppsTokensLikeThoseOfAPassword() {
    warn(credential(GrantType.APP_TOKEN, null), 22);
    assertThat(log.list).isEmpty();

    warn(credential(GrantType.APP_TOKEN, null), 23);
    assertThat(log.list).hasSize(1);
  }

  @Test
  void reckonsForEachEndpointByItself() {
    warn(credential(GrantType.CLIENT_CREDENTIALS, null), 22);

    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getFormattedMessage()).startsWith("22 credentials need up to 0.04 ");
              assertThat(line.getKeyValuePairs().getFirst().value).isEqualTo("ClientCredentials");
            });
  }

  private static void warn(IrisCredential credential, int many) {
    CapacityCheck.warn(Collections.nCopies(many, credential), ONCE_A_MINUTE);
  }

  private static IrisCredential credential(GrantType grantType, @Nullable Duration life) {
    IrisCredential credential =
        Specs.credential("a", "b", "uid-1", "grantType: " + grantType.text(), "scopes: [api]");
    Instant now = Instant.EPOCH;
    TokenStatus token =
        life == null ? null : new TokenStatus(now, now.plus(life), now.plus(life), "api");
    credential.setStatus(new IrisCredentialStatus(1L, List.of(), token, null, null, null));
    return credential;
  }
}
