package com.trackunit.iris.operator.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The CAs that are trusted with a login. Reads no file: the caller passes the PEM text. */
public final class TrustStore {
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

  private TrustStore() {}

  /** Trusts the CAs of the JVM. */
  public static SSLContext ofTheJvm() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("This JVM has no TLS.", broken);
    }
  }

  /**
   * Trusts the CAs of the JVM and those in the text; empty when the text has no certificate or a
   * broken one.
   */
  public static Optional<SSLContext> inAdditionTo(byte[] pem) {
    Collection<? extends Certificate> additional = certificates(pem);
    return additional.isEmpty() ? Optional.empty() : Optional.of(context(managers(additional)));
  }

  /** Trust managers with the CAs of the JVM and the additional ones in one store. */
  static TrustManager[] managers(Collection<? extends Certificate> additional) {
    try {
      List<Certificate> all = new ArrayList<>(additional);
      for (TrustManager ofTheJvm : managers((KeyStore) null)) {
        all.addAll(Arrays.asList(((X509TrustManager) ofTheJvm).getAcceptedIssuers()));
      }
      return managers(store(all));
    } catch (GeneralSecurityException | IOException broken) {
      throw new IllegalStateException("This JVM cannot hold certificates.", broken);
    }
  }

  static Collection<? extends Certificate> certificates(byte[] pem) {
    try {
      Collection<? extends Certificate> whole =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      // The factory ignores a last certificate that is cut off, as in a file that is being written.
      long begun = BEGIN.matcher(new String(pem, ISO_8859_1)).results().count();
      return whole.size() == begun ? whole : List.of();
    } catch (CertificateException noneOrBroken) {
      return List.of();
    }
  }

  private static KeyStore store(List<Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("trusted-" + store.size(), certificate);
    }
    return store;
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static SSLContext context(TrustManager[] managers) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("This JVM has no TLS.", broken);
    }
  }
}
