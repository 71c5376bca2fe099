package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * HTTP clients for the API server that prefer ChaCha20-Poly1305 (RFC 8446, RFC 7905) to AES-GCM.
 *
 * <p>The JVM has instructions of the processor for AES-GCM in its second compiler only, which the
 * image turns off, and AES-GCM was a sixth of the operator's CPU time. A server without these
 * cipher suites selects another one.
 */
final class ApiServerHttpClientFactory extends JdkHttpClientFactory {
  private final String @Nullable [] protocols;

  /**
   * @param versions the versions of TLS to use; null or empty: those of the JVM
   */
  ApiServerHttpClientFactory(TlsVersion @Nullable [] versions) {
    protocols =
        versions == null || versions.length == 0
            ? null
            : Stream.of(versions).map(TlsVersion::javaName).toArray(String[]::new);
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

  // The context that the client makes. Without managers: the default ones read the file of all
  // authorities.
  private static String[] enabled() {
    return SSLUtils.sslContext(new KeyManager[0], new TrustManager[0])
        .getDefaultSSLParameters()
        .getCipherSuites();
  }
}
