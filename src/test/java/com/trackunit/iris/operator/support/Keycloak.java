package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Keycloak on loopback, with its data in memory and the realm of {@code src/test/keycloak}.
 * {@code -Pkeycloak} unpacks it.
 */
public final class Keycloak implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(8);
  private static final int RELAUNCH = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path home;
  private final int port = FreePorts.next();
  private ChildProgram program;

  /** Starts it, and returns when the realm answers. */
  public Keycloak() {
    this.home = home();
    copyRealm();
    this.program = start();
    await("Keycloak").atMost(START).pollInterval(Duration.ofSeconds(1)).until(this::isReady);
  }

  private static Path home() {
    try (var folders = Files.list(Path.of(System.getProperty("keycloak.folder")))) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("lib")))
          .findFirst()
          .orElseThrow()
          .toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copyRealm() {
    try {
      Path folder = Files.createDirectories(home.resolve("data/import"));
      Files.copy(
          Path.of("src/test/keycloak/iris-realm.json"),
          folder.resolve("iris-realm.json"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ChildProgram start(String... more) {
    List<String> options =
        List.of(
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Dpicocli.disable.closures=true",
            "-Dkc.home.dir=" + home,
            "-Djboss.server.config.dir=" + home.resolve("conf"));
    List<String> command =
        List.of(
            "-cp",
            home.resolve("lib/quarkus-run.jar").toString(),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
            "start-dev",
            "--db=dev-mem",
            "--import-realm",
            "--http-host=127.0.0.1",
            "--http-port=" + port);
    return ChildProgram.start(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        home,
        Stream.of(List.of(more), options, command).flatMap(List::stream).toList());
  }

  // The first start after it was unpacked only prepares its classes, and wants to be started again.
  private boolean isReady() {
    if (program.exitCode().equals(OptionalInt.of(RELAUNCH))) {
      program = start("-Dkc.config.built=true");
    }
    program.requireAlive();
    try {
      return get("/realms/iris", "").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  public URI tokenUrl() {
    return uri("/realms/iris/protocol/openid-connect/token");
  }

  /** Whether a resource of the realm takes this token now. */
  public boolean accepts(String token) {
    return get("/realms/iris/protocol/openid-connect/userinfo", token).statusCode() == 200;
  }

  /** Somebody else logs in with this password. */
  public boolean logsIn(String user, String password) {
    Map<String, String> form =
        Map.of(
            "grant_type", "password",
            "client_id", "stories",
            "client_secret", "stories-secret",
            "username", user,
            "password", password);
    return post(form).statusCode() == 200;
  }

  /** The failed logins that brute-force detection counts for a user. */
  public int failures(String user) {
    return detected(user).get("numFailures").asInt();
  }

  public boolean isLocked(String user) {
    return detected(user).get("disabled").asBoolean();
  }

  private JsonNode detected(String user) {
    String id =
        read("/admin/realms/iris/users?exact=true&username=" + user).get(0).get("id").asText();
    return read("/admin/realms/iris/attack-detection/brute-force/users/" + id);
  }

  /** Changes settings of the realm. */
  public void set(String settings) {
    send("PUT", "/admin/realms/iris", settings);
  }

  /** Makes a new secret for the client {@code rotated}, and returns it. */
  public String rotateSecret() {
    String client = "/admin/realms/iris/clients/11111111-1111-4111-8111-111111111111/client-secret";
    return json(send("POST", client, "{}")).get("value").asText();
  }

  private JsonNode read(String path) {
    return json(get(path, adminToken()));
  }

  private String adminToken() {
    Map<String, String> form =
        Map.of(
            "grant_type", "password",
            "client_id", "admin-cli",
            "username", "admin",
            "password", "admin");
    return json(post(form)).get("access_token").asText();
  }

  private HttpResponse<String> post(Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(tokenUrl())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path, String token) {
    return send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token));
  }

  private HttpResponse<String> send(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + adminToken())
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    http.close();
    program.stop();
  }
}
