package com.trackunit.iris.operator.config;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.NoProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the token endpoints are called.
 *
 * @param tokenUrls the endpoint of each grant type
 * @param caBundle CA certificates that are trusted in addition to those of the JVM
 * @param requestTimeout limit for a whole token exchange, response body included
 * @param limits request limits of each endpoint
 */
public record EndpointsConfig(
    Map<GrantType, URI> tokenUrls,
    Optional<Path> caBundle,
    Optional<HttpsProxy> proxy,
    Duration requestTimeout,
    RateLimits limits) {
  private static final String EXPECTED_URL =
      "an https URL with a host and without user, query or fragment (http for loopback hosts only)";

  static EndpointsConfig read(EnvReader variables) {
    return new EndpointsConfig(
        tokenUrls(variables),
        variables.readIfSet(
            "IRIS_CA_BUNDLE",
            Parsers::caBundle,
            "a file that can be read and holds PEM certificates, all of them whole"),
        proxy(variables),
        variables.read(
            "IRIS_REQUEST_TIMEOUT", "15s", Parsers::timeout, "a duration from 1s to 60s"),
        limits(variables));
  }

  private static Map<GrantType, URI> tokenUrls(EnvReader variables) {
    Map<GrantType, URI> urls = new EnumMap<>(GrantType.class);
    for (GrantType grantType : GrantType.values()) {
      urls.put(
          grantType,
          variables.read(grantType.variable(), grantType.defaultUrl(), Parsers::url, EXPECTED_URL));
    }
    return Collections.unmodifiableMap(urls);
  }

  private static Optional<HttpsProxy> proxy(EnvReader variables) {
    Optional<HttpsProxy> proxy =
        variables.readIfSet(
            variables.either("HTTPS_PROXY", "https_proxy"),
            HttpsProxy::at,
            "http://host:port, without a user");
    NoProxy exceptions = NoProxy.of(variables.text(variables.either("NO_PROXY", "no_proxy")));
    return proxy.map(server -> server.except(exceptions));
  }

  private static RateLimits limits(EnvReader variables) {
    return new RateLimits(
        variables.read(
            "IRIS_MAX_REQUESTS_PER_SECOND",
            "5",
            Parsers::rate,
            "a decimal number above 0, up to 1000"),
        variables.read(
            "IRIS_MAX_CONCURRENT_REQUESTS",
            "8",
            Parsers::concurrency,
            "a whole number from 1 to 256"));
  }
}
