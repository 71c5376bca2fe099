package com.trackunit.iris.operator.net;

import com.trackunit.iris.operator.renewal.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code IRIS_CA_BUNDLE}. It is read before each exchange, so that a changed CA needs
 * no restart.
 *
 * <p>While the file is unusable, the last valid content stays in use.
 */
public final class CaBundle implements Supplier<SSLContext> {
  private static final Logger log = LoggerFactory.getLogger(CaBundle.class);
  private static final byte[] NOTHING = {};

  private final Path file;
  private byte @Nullable [] seen;
  private String fingerprint = "";
  private SSLContext trusted = TrustStore.ofTheJvm();

  private CaBundle(Path file) {
    this.file = file;
  }

  /** Whether the file can be read and contains certificates, all of them complete. */
  public static boolean isUsable(Path file) {
    return TrustStore.inAdditionTo(content(file)).isPresent();
  }

  /** Until the file has been usable once, only the CAs of the JVM are trusted. */
  public static CaBundle of(Path file) {
    CaBundle bundle = new CaBundle(file);
    bundle.look();
    return bundle;
  }

  @Override
  public synchronized SSLContext get() {
    look();
    return trusted;
  }

  /**
   * The fingerprint of the present content. When it changes, an untrusted server is tried again.
   */
  public synchronized String fingerprint() {
    look();
    return fingerprint;
  }

  private void look() {
    // Compare the content: kubelet replaces a symbolic link, so the times of the file may be the
    // same.
    byte[] content = content(file);
    if (!Arrays.equals(content, seen)) {
      seen = content;
      fingerprint = Fingerprint.of(content);
      TrustStore.inAdditionTo(content).ifPresentOrElse(this::take, this::warn);
    }
  }

  private void take(SSLContext newlyTrusted) {
    trusted = newlyTrusted;
    log.atInfo().addKeyValue("file", file).log("Loaded IRIS_CA_BUNDLE.");
  }

  private void warn() {
    log.atWarn()
        .addKeyValue("file", file)
        .log(
            "IRIS_CA_BUNDLE cannot be read or holds no certificate. What it held before stays in force; correct the file.");
  }

  /** The content of the file, empty when it cannot be read. */
  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      return NOTHING;
    }
  }
}
