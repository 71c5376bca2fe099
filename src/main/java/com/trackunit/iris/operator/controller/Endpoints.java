package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Moment;
import com.trackunit.iris.operator.oauth.HttpsProxy;
import com.trackunit.iris.operator.oauth.TokenEndpoint;
import com.trackunit.iris.operator.oauth.Trust;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** One endpoint for each grant type, and whom both of them trust. */
record Endpoints(Endpoint password, Endpoint clientCredentials, Optional<CaBundle> caBundle)
    implements AutoCloseable {
  static Endpoints of(Configuration configuration, Supplier<Moment> time) {
    Optional<CaBundle> caBundle = configuration.caBundle().map(CaBundle::of);
    Supplier<SSLContext> trust =
        caBundle.<Supplier<SSLContext>>map(bundle -> bundle).orElse(Trust::ofTheJvm);
    return new Endpoints(
        endpoint("password", configuration.tokenUrl(), configuration, trust, time),
        endpoint(
            "client_credentials",
            configuration.clientCredentialsTokenUrl(),
            configuration,
            trust,
            time),
        caBundle);
  }

  private static Endpoint endpoint(
      String grantType,
      URI url,
      Configuration configuration,
      Supplier<SSLContext> trust,
      Supplier<Moment> time) {
    ProxySelector proxy =
        configuration.proxy().map(https -> https.towards(url)).orElse(HttpsProxy.NONE);
    return new Endpoint(
        grantType,
        url,
        new TokenEndpoint(url, configuration.requestTimeout(), trust, proxy),
        new Gate(configuration.limits()),
        time);
  }

  Endpoint of(GrantType grantType) {
    return switch (grantType) {
      case PASSWORD -> password;
      case CLIENT_CREDENTIALS -> clientCredentials;
    };
  }

  /** What the operator adds to a request beside its spec: another one may be tried at once. */
  String addition(GrantType grantType) {
    return of(grantType).url() + caBundle.map(CaBundle::fingerprint).orElse("");
  }

  Stream<Endpoint> all() {
    return Stream.of(password, clientCredentials);
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    all().map(Endpoint::tokens).forEach(TokenEndpoint::close);
  }
}
