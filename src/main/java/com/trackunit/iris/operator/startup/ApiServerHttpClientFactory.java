package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * HTTP clients for the API server that prefer ChaCha20-Poly1305 (RFC 8446, RFC 7905) to AES-GCM.
 *
 * <p>The JVM has instructions of the processor for AES-GCM in its second compiler only, which the
 * image turns off, and the TLS of the watches and writes was a fifth of the operator's CPU time. A
 * server without these cipher suites selects another one.
 */
final class ApiServerHttpClientFactory extends JdkHttpClientFactory {
  private final String[] protocols;

  ApiServerHttpClientFactory(TlsVersion[] versions) {
    protocols = Stream.of(versions).map(TlsVersion::javaName).toArray(String[]::new);
  }

  @Override
  protected void additionalConfig(HttpClient.Builder builder) {
    builder.sslParameters(new SSLParameters(preferred(enabled()), protocols));
  }

  /** The same cipher suites: those with ChaCha20 first, the others in the given order. */
  static String[] preferred(String... suites) {
    return Stream.of(suites)
        .sorted(Comparator.comparing(suite -> !suite.contains("_CHACHA20_")))
        .toArray(String[]::new);
  }

  private static String[] enabled() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // Without managers: the default ones read the file of all authorities.
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context.getDefaultSSLParameters().getCipherSuites();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
