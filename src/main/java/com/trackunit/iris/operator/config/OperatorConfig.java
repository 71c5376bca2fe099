package com.trackunit.iris.operator.config;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.NoProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * How the operator was told to run, read from the environment once.
 *
 * @param tokenUrls where tokens are asked for, of every grant type
 * @param namespaces that are watched; empty: all
 * @param caBundle certificates trusted beside the JVM's
 * @param proxy for the token endpoints
 * @param requestTimeout for a whole token exchange, body included
 * @param limits what the authorization server is asked for at most
 * @param shard the credentials that are this operator's; empty: those of no shard
 * @param leaderElection whether there may be other replicas
 * @param podNamespace of this operator, empty when that is not told
 * @param podName of this operator, empty when that is not told
 * @param nudgePods whether pods are annotated that hold an expired token
 * @param port of {@code /metrics}, {@code /livez} and {@code /readyz}; 0 picks a free one
 */
public record OperatorConfig(
    Map<GrantType, URI> tokenUrls,
    Set<String> namespaces,
    Optional<Path> caBundle,
    Optional<HttpsProxy> proxy,
    Duration requestTimeout,
    RateLimits limits,
    String shard,
    boolean leaderElection,
    String podNamespace,
    String podName,
    boolean nudgePods,
    int port,
    LogFormat logFormat,
    Level logLevel) {

  /** How log lines are written. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  /** What reading the environment came to. */
  public sealed interface Reading {
    record Good(OperatorConfig configuration) implements Reading {}

    /** Every mistake, one sentence each; never the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  private static final String EXPECTED_URL =
      "an https URL with a host and without user, query or fragment (http for loopback hosts only)";

  /** Reads every variable, so that every mistake is told at once. */
  public static Reading read(Map<String, String> environment) {
    EnvReader variables = new EnvReader(environment, new ArrayList<>());
    OperatorConfig configuration =
        new OperatorConfig(
            tokenUrls(variables),
            variables.read(
                "IRIS_NAMESPACES", "", Parsers::names, "a comma-separated list of namespaces"),
            variables.readIfSet(
                "IRIS_CA_BUNDLE",
                Parsers::caBundle,
                "a file that can be read and holds PEM certificates, all of them whole"),
            variables
                .readIfSet(
                    variables.either("HTTPS_PROXY", "https_proxy"),
                    HttpsProxy::at,
                    "http://host:port, without a user")
                .map(
                    proxy ->
                        proxy.except(
                            NoProxy.of(variables.text(variables.either("NO_PROXY", "no_proxy"))))),
            variables.read(
                "IRIS_REQUEST_TIMEOUT", "15s", Parsers::timeout, "a duration from 1s to 60s"),
            new RateLimits(
                variables.read(
                    "IRIS_MAX_REQUESTS_PER_SECOND",
                    "5",
                    Parsers::rate,
                    "a decimal number above 0, up to 1000"),
                variables.read(
                    "IRIS_MAX_CONCURRENT_REQUESTS",
                    "8",
                    Parsers::concurrency,
                    "a whole number from 1 to 256")),
            variables.read(
                "IRIS_SHARD",
                "",
                Parsers::shard,
                "at most 63 lower-case letters, digits and hyphens, as a label and a Lease's name take them"),
            variables.read("IRIS_LEADER_ELECTION", "false", Parsers::flag, "true or false"),
            variables.text("POD_NAMESPACE"),
            variables.text("POD_NAME"),
            variables.read("IRIS_NUDGE_PODS", "false", Parsers::flag, "true or false"),
            variables.read("IRIS_PORT", "8080", Parsers::port, "a port from 0 to 65535"),
            variables.read(
                "IRIS_LOG_FORMAT",
                "text",
                text -> Parsers.oneOf(LogFormat.values(), text),
                "text or json"),
            variables.read(
                "IRIS_LOG_LEVEL",
                "info",
                text -> Parsers.oneOf(Level.values(), text),
                "error, warn, info, debug or trace"));
    return variables.mistakes().isEmpty()
        ? new Reading.Good(configuration)
        : new Reading.Bad(variables.mistakes());
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
}
