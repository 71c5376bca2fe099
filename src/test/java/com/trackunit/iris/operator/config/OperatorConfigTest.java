package com.trackunit.iris.operator.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.NoProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

/** What the environment may say, and how every mistake in it is told at once. */
class OperatorConfigTest {
  @Test
  void knowsItsDefaults() {
    assertThat(OperatorConfig.read(Map.of()))
        .isEqualTo(
            new OperatorConfig.Reading.Good(
                new OperatorConfig(
                    new EndpointsConfig(
                        Map.of(
                            GrantType.PASSWORD, URI.create("https://auth.trackunit.com/token"),
                            GrantType.CLIENT_CREDENTIALS,
                                URI.create("https://auth.trackunit.com/token/v2"),
                            GrantType.APP_TOKEN, URI.create("https://auth.trackunit.com/apptoken")),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(15),
                        new RateLimits(5, 8)),
                    new ReplicaConfig(Set.of(), "", false, "", ""),
                    new ObservabilityConfig(
                        8080, Optional.empty(), ObservabilityConfig.LogFormat.TEXT, Level.INFO),
                    false,
                    false),
                List.of()));
  }

  @Test
  void namesTheVariablesThatItDoesNotKnow() {
    assertThat(
            OperatorConfig.read(
                Map.of("IRIS_TOKENURL", "hunter2", "IRIS_A", "", "IRIS_PORT", "1", "PATH", "/")))
        .isInstanceOfSatisfying(
            OperatorConfig.Reading.Good.class,
            good -> assertThat(good.unknown()).containsExactly("IRIS_A", "IRIS_TOKENURL"));
  }

  @Test
  void takesAnEmptyVariableForUnset() {
    assertThat(OperatorConfig.read(Map.of("IRIS_TOKEN_URL", "", "IRIS_PORT", " ")))
        .isEqualTo(OperatorConfig.read(Map.of()));
  }

  @Test
  void listsEveryMistakeAtOnceAndNoValue() {
    OperatorConfig.Reading reading =
        OperatorConfig.read(
            Map.ofEntries(
                entry("IRIS_TOKEN_URL", "https://user:hunter2@example.com/token"),
                entry("IRIS_CLIENT_CREDENTIALS_TOKEN_URL", "http://hunter2.example.com/v2"),
                entry("IRIS_APP_TOKEN_URL", "https://hunter2:x@example.com/apptoken"),
                entry("IRIS_NAMESPACES", "a,B"),
                entry("IRIS_CA_BUNDLE", "/hunter2/ca.pem"),
                entry("IRIS_REQUEST_TIMEOUT", "61s"),
                entry("IRIS_MAX_REQUESTS_PER_SECOND", "0"),
                entry("IRIS_MAX_CONCURRENT_REQUESTS", "0"),
                entry("IRIS_SHARD", "A/b"),
                entry("IRIS_LEADER_ELECTION", "yes"),
                entry("IRIS_REQUIRE_LOGIN_LABEL", "1"),
                entry("IRIS_NUDGE_PODS", "TRUE"),
                entry("IRIS_PORT", "65536"),
                entry("IRIS_PROBE_PORT", "http"),
                entry("IRIS_LOG_FORMAT", "xml"),
                entry("IRIS_LOG_LEVEL", "loud")));
    assertThat(reading)
        .isInstanceOfSatisfying(
            OperatorConfig.Reading.Bad.class,
            bad ->
                assertThat(bad.mistakes())
                    .hasSize(16)
                    .allSatisfy(
                        mistake -> assertThat(mistake).matches("IRIS_[A-Z_]+ must be .*\\."))
                    .noneMatch(mistake -> mistake.contains("hunter2")));
  }

  @Test
  void takesTheProxyInEitherSpellingAndItsExceptions() {
    HttpsProxy proxy = new HttpsProxy("proxy.test", 3128, new NoProxy(List.of("a", ".b")));
    assertThat(proxyOf(Map.of("HTTPS_PROXY", "http://proxy.test:3128", "NO_PROXY", "a, .B,")))
        .contains(proxy);
    assertThat(proxyOf(Map.of("https_proxy", "http://proxy.test:3128/", "no_proxy", "a,.b")))
        .contains(proxy);
    assertThat(proxyOf(Map.of("NO_PROXY", "a"))).isEmpty();
  }

  @Test
  void saysWhichSpellingOfTheProxyIsWrongAndNotItsValue() {
    for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
      assertThat(OperatorConfig.read(Map.of(name, "http://user:hunter2@proxy.test:3128")))
          .isEqualTo(
              new OperatorConfig.Reading.Bad(
                  List.of(name + " must be http://host:port, without a user.")));
    }
  }

  private static Optional<HttpsProxy> proxyOf(Map<String, String> environment) {
    return ((OperatorConfig.Reading.Good) OperatorConfig.read(environment))
        .configuration()
        .endpoints()
        .proxy();
  }

  @ParameterizedTest
  @CsvSource({
    "IRIS_TOKEN_URL,https://example.com/token,true",
    "IRIS_TOKEN_URL,http://127.0.0.1:8081/token,true",
    "IRIS_TOKEN_URL,http://localhost/token,true",
    "IRIS_TOKEN_URL,http://[::1]:80/token,true",
    "IRIS_TOKEN_URL,https://example.com./token,true",
    "IRIS_TOKEN_URL,https://./token,false",
    "IRIS_TOKEN_URL,http://example.com/token,false",
    "IRIS_TOKEN_URL,http://127.0.0.1.example.com/token,false",
    "IRIS_TOKEN_URL,ftp://example.com/token,false",
    "IRIS_TOKEN_URL,/token,false",
    "IRIS_TOKEN_URL,https://example.com/token#x,false",
    "IRIS_TOKEN_URL,https://example.com/token?x=1,false",
    "IRIS_TOKEN_URL,https://a b/,false",
    "IRIS_TOKEN_URL,https://example.com:0/token,false",
    "IRIS_TOKEN_URL,https://example.com:65536/token,false",
    "IRIS_APP_TOKEN_URL,https://example.com/apptoken,true",
    "IRIS_APP_TOKEN_URL,http://example.com/apptoken,false",
    "IRIS_NAMESPACES,'a, b,',true",
    "IRIS_NAMESPACES,' ',true",
    "IRIS_NAMESPACES,', ,',false",
    "IRIS_NAMESPACES,-a,false",
    "IRIS_CA_BUNDLE,/no/such/file.pem,false",
    "IRIS_CA_BUNDLE,src,false",
    "IRIS_CA_BUNDLE,pom.xml,false",
    "HTTPS_PROXY,http://[fd00::1]:3128,true",
    "HTTPS_PROXY,proxy.test:3128,false",
    "HTTPS_PROXY,proxy.test,false",
    "HTTPS_PROXY,http://proxy.test,false",
    "HTTPS_PROXY,http://proxy.test:0,false",
    "HTTPS_PROXY,http://proxy.test:65536,false",
    "HTTPS_PROXY,https://proxy.test:3128,false",
    "HTTPS_PROXY,socks5://proxy.test:1080,false",
    "HTTPS_PROXY,http://proxy.test:3128/path,false",
    "HTTPS_PROXY,http://proxy.test:3128?x,false",
    "HTTPS_PROXY,http://proxy.test:3128#x,false",
    "HTTPS_PROXY,http://@proxy.test:3128,false",
    "HTTPS_PROXY,http://a b:1,false",
    "NO_PROXY,10.0.0.0/8,true",
    "IRIS_REQUEST_TIMEOUT,1s,true",
    "IRIS_REQUEST_TIMEOUT,1m,true",
    "IRIS_REQUEST_TIMEOUT,0s,false",
    "IRIS_REQUEST_TIMEOUT,15,false",
    "IRIS_MAX_REQUESTS_PER_SECOND,0.5,true",
    "IRIS_MAX_REQUESTS_PER_SECOND,1000,true",
    "IRIS_MAX_REQUESTS_PER_SECOND,0.000,false",
    "IRIS_MAX_REQUESTS_PER_SECOND,1000.1,false",
    "IRIS_MAX_REQUESTS_PER_SECOND,-1,false",
    "IRIS_MAX_REQUESTS_PER_SECOND,1e2,false",
    "IRIS_MAX_REQUESTS_PER_SECOND,NaN,false",
    "IRIS_MAX_CONCURRENT_REQUESTS,1,true",
    "IRIS_MAX_CONCURRENT_REQUESTS,256,true",
    "IRIS_MAX_CONCURRENT_REQUESTS,0,false",
    "IRIS_MAX_CONCURRENT_REQUESTS,257,false",
    "IRIS_MAX_CONCURRENT_REQUESTS,1.5,false",
    "IRIS_SHARD,north,true",
    "IRIS_SHARD,-north,false",
    "IRIS_SHARD,North,false",
    "IRIS_SHARD,a123456789a123456789a123456789a123456789a123456789a123456789abc,true",
    "IRIS_SHARD,a123456789a123456789a123456789a123456789a123456789a123456789abcd,false",
    "IRIS_LEADER_ELECTION,true,true",
    "IRIS_LEADER_ELECTION,false,true",
    "IRIS_LEADER_ELECTION,1,false",
    "IRIS_NUDGE_PODS,true,true",
    "IRIS_NUDGE_PODS,on,false",
    "IRIS_PORT,0,true",
    "IRIS_PORT,tcp://10.0.0.1:80,false",
    "IRIS_PORT,-1,false",
    "IRIS_PORT,8081,true",
    "IRIS_PROBE_PORT,8081,true",
    "IRIS_PROBE_PORT,0,true",
    "IRIS_PROBE_PORT,8080,false",
    "IRIS_PROBE_PORT,tcp://10.0.0.1:80,false",
    "IRIS_LOG_FORMAT,JSON,true",
    "IRIS_LOG_LEVEL,trace,true"
  })
  void reads(String variable, String value, boolean good) {
    assertThat(OperatorConfig.read(Map.of(variable, value)) instanceof OperatorConfig.Reading.Good)
        .isEqualTo(good);
  }
}
