package com.trackunit.iris.operator.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.TestCertificates;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which texts hold certificates, and whom one trusts with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustStoreTest {
  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

  private String pem = "";

  @BeforeAll
  void makeCertificates() throws Exception {
    pem = TestCertificates.ours().authorityPem();
  }

  @Test
  void trustsEverybodyTheJvmTrustsAndTheAuthority() throws Exception {
    X509TrustManager manager =
        (X509TrustManager)
            TrustStore.managers(TrustStore.certificates(pem.getBytes(ISO_8859_1)))[0];

    assertThat(manager.getAcceptedIssuers())
        .hasSizeGreaterThan(50)
        .contains(issuersOfTheJvm())
        .anyMatch(issuer -> issuer.getSubjectX500Principal().getName().equals("CN=authority"));
  }

  @Test
  void takesWholeCertificatesOnly() {
    assertThat(List.of(pem, "a comment\n" + pem + "\n" + pem, pem.replace("\n", "\r\n")))
        .allMatch(TrustStoreTest::isUsable);
    assertThat(
            List.of(
                "",
                "mark",
                "-----BEGIN CERTIFICATE-----\n",
                pem.substring(0, 200),
                pem + pem.substring(0, 200),
                pem + pem.replaceAll("\n.*\n.*\n", "\nAAAA\n"),
                pem + KEY))
        .noneMatch(TrustStoreTest::isUsable);
  }

  private static boolean isUsable(String text) {
    return TrustStore.inAdditionTo(text.getBytes(ISO_8859_1)).isPresent();
  }

  private static X509Certificate[] issuersOfTheJvm() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
  }
}
