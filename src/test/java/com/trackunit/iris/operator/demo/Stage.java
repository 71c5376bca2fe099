package com.trackunit.iris.operator.demo;

import com.trackunit.iris.operator.OperatorRuntime;
import com.trackunit.iris.operator.config.Logging;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.time.TimeSource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Everybody who takes part: the operator is the shipped one, the others stand in. */
record Stage(
    Cluster cluster, FakeAuthorizationServer authorization, Pod pod, OperatorRuntime operator) {

  /** Starts them all but the pod, which needs a token first. */
  static Stage open(Clock clock) {
    // The embedded API server tells of every request.
    Logger.getLogger("").setLevel(Level.WARNING);
    Cluster cluster = Cluster.start();
    TokenIssuer issuer = new TokenIssuer(clock);
    FakeAuthorizationServer authorization = FakeAuthorizationServer.start();
    authorization.answer(issuer::answer);
    IrisApi iris = IrisApi.start(issuer);
    OperatorConfig configuration = configuration(authorization);
    Logging.configure(configuration.observability());
    OperatorRuntime operator =
        new OperatorRuntime(configuration, cluster.config(), TimeSource.system());
    operator.start(() -> {});
    return new Stage(cluster, authorization, new Pod(cluster, iris.url(), clock), operator);
  }

  // The operator's warnings are what the story tells in its own words.
  private static OperatorConfig configuration(FakeAuthorizationServer authorization) {
    Map<String, String> environment =
        Map.of(
            "IRIS_TOKEN_URL",
            authorization.url().toString(),
            "IRIS_NAMESPACES",
            Cluster.NAMESPACE,
            "IRIS_PORT",
            "0",
            "IRIS_LOG_LEVEL",
            "error");
    return switch (OperatorConfig.read(environment)) {
      case OperatorConfig.Reading.Good(OperatorConfig configuration, List<String> _) ->
          configuration;
      case OperatorConfig.Reading.Bad(List<String> mistakes) ->
          throw new StoryBroken(String.join(" ", mistakes));
    };
  }

  /** Where to look around. */
  List<String> addresses() {
    String api = cluster.config().getMasterUrl();
    return List.of(
        "curl %sapis/iris.trackunit.com/v1/namespaces/%s/iriscredentials/%s"
            .formatted(api, Cluster.NAMESPACE, Cluster.CREDENTIAL),
        "curl %sapi/v1/namespaces/%s/secrets/%s".formatted(api, Cluster.NAMESPACE, Cluster.TARGET),
        "curl http://127.0.0.1:%d/metrics".formatted(operator.port()));
  }
}
