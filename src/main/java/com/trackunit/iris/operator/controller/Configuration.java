package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.gate.Limits;
import com.trackunit.iris.operator.oauth.HttpsProxy;
import com.trackunit.iris.operator.oauth.NoProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * How the operator was told to run, read from the environment once.
 *
 * @param tokenUrl of the password grant
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
public record Configuration(
    URI tokenUrl,
    URI clientCredentialsTokenUrl,
    Set<String> namespaces,
    Optional<Path> caBundle,
    Optional<HttpsProxy> proxy,
    Duration requestTimeout,
    Limits limits,
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
    record Good(Configuration configuration) implements Reading {}

    /** Every mistake, one sentence each; never the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  private static final String EXPECTED_URL =
      "an https URL with a host and without user, query or fragment (http for loopback hosts only)";

  /** Reads every variable, so that every mistake is told at once. */
  public static Reading read(Map<String, String> environment) {
    Variables variables = new Variables(environment, new ArrayList<>());
    Configuration configuration =
        new Configuration(
            variables.read(
                "IRIS_TOKEN_URL", "https://auth.trackunit.com/token", Formats::url, EXPECTED_URL),
            variables.read(
                "IRIS_CLIENT_CREDENTIALS_TOKEN_URL",
                "https://auth.trackunit.com/token/v2",
                Formats::url,
                EXPECTED_URL),
            variables.read(
                "IRIS_NAMESPACES", "", Formats::names, "a comma-separated list of namespaces"),
            variables.readIfSet(
                "IRIS_CA_BUNDLE",
                Formats::caBundle,
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
                "IRIS_REQUEST_TIMEOUT", "15s", Formats::timeout, "a duration from 1s to 60s"),
            new Limits(
                variables.read(
                    "IRIS_MAX_REQUESTS_PER_SECOND",
                    "5",
                    Formats::rate,
                    "a decimal number above 0, up to 1000"),
                variables.read(
                    "IRIS_MAX_CONCURRENT_REQUESTS",
                    "8",
                    Formats::concurrency,
                    "a whole number from 1 to 256")),
            variables.read(
                "IRIS_SHARD",
                "",
                Formats::shard,
                "at most 63 lower-case letters, digits and hyphens, as a label and a Lease's name take them"),
            variables.read("IRIS_LEADER_ELECTION", "false", Formats::flag, "true or false"),
            variables.text("POD_NAMESPACE"),
            variables.text("POD_NAME"),
            variables.read("IRIS_NUDGE_PODS", "false", Formats::flag, "true or false"),
            variables.read("IRIS_PORT", "8080", Formats::port, "a port from 0 to 65535"),
            variables.read(
                "IRIS_LOG_FORMAT",
                "text",
                text -> Formats.oneOf(LogFormat.values(), text),
                "text or json"),
            variables.read(
                "IRIS_LOG_LEVEL",
                "info",
                text -> Formats.oneOf(Level.values(), text),
                "error, warn, info, debug or trace"));
    return variables.mistakes().isEmpty()
        ? new Reading.Good(configuration)
        : new Reading.Bad(variables.mistakes());
  }
}
