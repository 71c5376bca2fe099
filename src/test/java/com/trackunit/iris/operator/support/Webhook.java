package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An admission webhook that allows everything, or nothing. */
public final class Webhook implements AutoCloseable {
  private static final Pattern REVIEW = Pattern.compile("\"uid\":\"([^\"]+)\"");

  private final RawServer server;
  private final String authority;

  private Webhook(RawServer server, String authority) {
    this.server = server;
    this.authority = authority;
  }

  /** Starts one that does this before it allows something. */
  public static Webhook allowingAfter(Runnable deed) {
    return start(
        () -> {
          deed.run();
          return "";
        });
  }

  /** Starts one that changes what it is asked about by this JSON patch. */
  public static Webhook changing(String patch) {
    String encoded = Base64.getEncoder().encodeToString(patch.getBytes(UTF_8));
    String change = ", \"patchType\": \"JSONPatch\", \"patch\": \"%s\"".formatted(encoded);
    return start(() -> change);
  }

  /** Starts one that denies everything with this status code. */
  public static Webhook denying(int code) {
    return start(
        false, () -> ", \"status\": {\"code\": %d, \"message\": \"policy-text\"}".formatted(code));
  }

  private static Webhook start(Supplier<String> change) {
    return start(true, change);
  }

  private static Webhook start(boolean allowed, Supplier<String> more) {
    try {
      TestCertificates certificates = TestCertificates.ours();
      RawServer server =
          RawServer.tls(
              certificates.of(TestCertificates.Holder.GOOD),
              client -> {
                client.hear();
                answer(client, allowed, more.get());
              });
      return new Webhook(server, certificates.authorityPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(Conversation client, boolean allowed, String more) throws IOException {
    Matcher uid = REVIEW.matcher(client.heard());
    String body =
        """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": {"uid": "%s", "allowed": %s%s}}"""
            .formatted(uid.find() ? uid.group(1) : "", allowed, more);
    client.say(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  /** How the API server reaches it, as a {@code clientConfig} in YAML. */
  public String clientConfig() {
    return "{url: \"%s\", caBundle: %s}"
        .formatted(server.url(), Base64.getEncoder().encodeToString(authority.getBytes(UTF_8)));
  }

  @Override
  public void close() {
    server.close();
  }
}
