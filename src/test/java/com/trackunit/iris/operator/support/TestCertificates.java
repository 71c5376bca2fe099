package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates of a small authority that exists for one run of the tests, made by the JDK's own
 * keytool.
 */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final String HERE = "san=ip:127.0.0.1,dns:localhost";

  private final KeyStore keys;

  private TestCertificates(KeyStore keys) {
    this.keys = keys;
  }

  /** Whose certificate a server shows. */
  public enum Holder {
    /** Signed by the authority, for this host, today. */
    GOOD,
    /** Signed by the authority, for another host. */
    ELSEWHERE,
    /** Signed by the authority, for an address and for no name at all. */
    NAMELESS,
    /** Signed by the authority, until some days ago. */
    EXPIRED,
    /** Signed by the authority, from next month on. */
    EARLY,
    /** Signed by itself. */
    STRANGER;

    private String alias() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of one authority, made once for all tests. */
  public static TestCertificates ours() {
    return Made.OURS;
  }

  /** Of another authority with the same names. */
  public static TestCertificates others() {
    return Made.OTHERS;
  }

  /** Read when they are first asked for. */
  private static final class Made {
    static final TestCertificates OURS = of("ours");
    static final TestCertificates OTHERS = of("others");
  }

  private static TestCertificates of(String owner) {
    return TestForks.oneByOne(
        "certificates",
        () -> {
          try {
            return new TestCertificates(load(store(owner)));
          } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        });
  }

  // Made once a day for all JVMs: it takes seconds, and some are about to expire or to begin.
  private static Path store(String owner) throws IOException, InterruptedException {
    Path store = Path.of("target", "certificates-%s-%s.p12".formatted(owner, LocalDate.now(UTC)));
    if (!Files.exists(store)) {
      Path fresh = Files.createTempDirectory(Path.of("target"), "keys").resolve("keys.p12");
      make(fresh);
      Files.move(fresh, store, StandardCopyOption.ATOMIC_MOVE);
    }
    return store;
  }

  private static void make(Path store) throws IOException, InterruptedException {
    makePair(store, "authority", "-ext", "bc:c", "-startdate", "-30d");
    makePair(store, "good", "-signer", "authority", "-ext", HERE);
    makePair(store, "elsewhere", "-signer", "authority", "-ext", "san=dns:elsewhere.test");
    makePair(store, "nameless", "-signer", "authority", "-ext", "san=ip:127.0.0.2");
    makePair(
        store,
        "expired",
        "-signer",
        "authority",
        "-ext",
        HERE,
        "-startdate",
        "-9d",
        "-validity",
        "2");
    makePair(store, "early", "-signer", "authority", "-ext", HERE, "-startdate", "+30d");
    makePair(store, "stranger", "-ext", HERE);
  }

  /** For a server. */
  public SSLContext of(Holder holder) throws GeneralSecurityException, IOException {
    KeyStore one = empty();
    one.setKeyEntry(
        "only",
        keys.getKey(holder.alias(), PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        keys.getCertificateChain(holder.alias()));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(one, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** For a client that trusts the authority and nobody else. */
  public SSLContext trust() throws GeneralSecurityException, IOException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("authority", keys.getCertificate("authority"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /** The authority's own, as a PEM file holds it. */
  public String authorityPem() throws GeneralSecurityException {
    byte[] encoded = keys.getCertificate("authority").getEncoded();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore load(Path path) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream content = Files.newInputStream(path)) {
      store.load(content, PASSWORD.toCharArray());
    }
    return store;
  }

  private static void makePair(Path store, String alias, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // Quick to begin: it is started many times.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(
        List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", alias));
    command.addAll(List.of("-dname", "CN=" + alias, "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed for " + alias + ": " + output);
    }
  }
}
