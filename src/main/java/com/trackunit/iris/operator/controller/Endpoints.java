package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.oauth.HttpsProxy;
import com.trackunit.iris.operator.oauth.TokenEndpoint;
import com.trackunit.iris.operator.oauth.Trust;
import java.net.ProxySelector;
import java.net.URI;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** One endpoint for each grant type. */
record Endpoints(Endpoint password, Endpoint clientCredentials) implements AutoCloseable {
  static Endpoints of(Configuration configuration) {
    return new Endpoints(
        endpoint(configuration.tokenUrl(), configuration),
        endpoint(configuration.clientCredentialsTokenUrl(), configuration));
  }

  private static Endpoint endpoint(URI url, Configuration configuration) {
    Supplier<SSLContext> trust =
        configuration.caBundle().<Supplier<SSLContext>>map(CaBundle::of).orElse(Trust::ofTheJvm);
    ProxySelector proxy =
        configuration.proxy().map(https -> https.towards(url)).orElse(HttpsProxy.NONE);
    return new Endpoint(url, new TokenEndpoint(url, configuration.requestTimeout(), trust, proxy));
  }

  Endpoint of(GrantType grantType) {
    return switch (grantType) {
      case PASSWORD -> password;
      case CLIENT_CREDENTIALS -> clientCredentials;
    };
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    password.tokens().close();
    clientCredentials.tokens().close();
  }
}
