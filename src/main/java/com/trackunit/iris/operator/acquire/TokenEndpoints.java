package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.config.EndpointsConfig;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.net.CaBundle;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.oauth.TokenClient;
import com.trackunit.iris.operator.time.TimeSource;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** One endpoint for each grant type, and the CA bundle that all of them trust. */
public record TokenEndpoints(Map<GrantType, GatedEndpoint> byGrantType, Optional<CaBundle> caBundle)
    implements AutoCloseable {
  private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(60);

  /** Creates the configured endpoints. */
  public static TokenEndpoints of(EndpointsConfig configuration, TimeSource time) {
    Optional<CaBundle> caBundle = configuration.caBundle().map(CaBundle::of);
    Supplier<SSLContext> trust =
        caBundle.<Supplier<SSLContext>>map(bundle -> bundle).orElse(TrustStore::ofTheJvm);
    Map<GrantType, GatedEndpoint> byGrantType = new EnumMap<>(GrantType.class);
    configuration
        .tokenUrls()
        .forEach(
            (grantType, url) ->
                byGrantType.put(
                    grantType, endpoint(grantType.label(), url, configuration, trust, time)));
    return new TokenEndpoints(byGrantType, caBundle);
  }

  private static GatedEndpoint endpoint(
      String grantType,
      URI url,
      EndpointsConfig configuration,
      Supplier<SSLContext> trust,
      TimeSource time) {
    ProxySelector proxy =
        configuration.proxy().map(https -> https.towards(url)).orElse(HttpsProxy.NONE);
    TokenClient client = new TokenClient(url, configuration.requestTimeout(), trust, proxy);
    Duration limit = configuration.requestTimeout();
    return new GatedEndpoint(
        grantType,
        url,
        (grant, repetitions) -> client.ask(grant, longer(limit, repetitions)),
        client::close,
        new RequestGate(configuration.limits()),
        time);
  }

  // A slow server may judge a repeated login within a longer limit.
  private static Duration longer(Duration limit, int repetitions) {
    Duration doubled = limit.multipliedBy(1L << Math.min(repetitions, 6));
    return doubled.compareTo(LONGEST_EXCHANGE) < 0 ? doubled : LONGEST_EXCHANGE;
  }

  public GatedEndpoint of(GrantType grantType) {
    return Objects.requireNonNull(byGrantType.get(grantType));
  }

  /**
   * The operator's own part of a request: endpoint URL and CA bundle. When it changes, a failed
   * request may be retried at once.
   */
  public String operatorPart(GrantType grantType) {
    return of(grantType).url() + caBundle.map(CaBundle::fingerprint).orElse("");
  }

  /** The spec of a credential, with the endpoint that its token is asked from. */
  public EffectiveSpec specOf(IrisCredential credential) {
    return EffectiveSpec.of(credential, grantType -> of(grantType).address());
  }

  /** Loads what the statuses tell of refused logins; once, before the first request. */
  public void learn(RememberedRefusals refusals, Instant now) {
    byGrantType.forEach((grantType, endpoint) -> refusals.teach(grantType, endpoint, now));
  }

  public Stream<GatedEndpoint> all() {
    return byGrantType.values().stream();
  }

  /** Removes a credential that no longer exists from every gate. */
  public void forget(String uid) {
    all().forEach(endpoint -> endpoint.gate().forget(uid, endpoint.read().clock()));
  }

  /** Aborts the requests in flight. */
  @Override
  public void close() {
    all().map(GatedEndpoint::end).forEach(Runnable::run);
  }
}
