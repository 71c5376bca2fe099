import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Runs the operator once, so that java sees which classes it uses: an API server with one
 * credential, and a token endpoint, both played here. The arguments are the command that runs it.
 *
 * <p>Ends the operator when the credential has its token. Exit code 1: it got none within a minute.
 */
final class Training {
  private static final String PASSWORD = "training";
  private static final String CREDENTIAL =
      """
      {"apiVersion": "iris.trackunit.com/v1", "kind": "IrisCredential",
       "metadata": {"namespace": "training", "name": "fleet", "uid": "1", "generation": 1,
        "resourceVersion": "%s", "creationTimestamp": "2026-01-01T00:00:00Z"},
       "spec": {"credentialsSecretRef": {"name": "login"}}, "status": %s}""";
  private static final String LOGIN =
      """
      {"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
       "metadata": {"namespace": "training", "name": "login", "uid": "2", "resourceVersion": "1"},
       "data": {"username": "YQ==", "password": "YQ==", "client_id": "YQ==", "client_secret": "YQ=="}}""";
  private static final String LIST =
      """
      {"apiVersion": "%s", "kind": "%sList", "metadata": {"resourceVersion": "1"}, "items": [%s]}""";
  private static final String MISSING =
      """
      {"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}""";
  private static final String TOKEN =
      """
      {"access_token": "token", "token_type": "Bearer", "expires_in": 3600, "scope": "api"}""";

  private final BlockingQueue<String> credentials = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> secrets = new LinkedBlockingQueue<>();
  private final CountDownLatch done = new CountDownLatch(1);

  public static void main(String[] command) throws Exception {
    System.exit(new Training().run(List.of(command)) ? 0 : 1);
  }

  private boolean run(List<String> command) throws Exception {
    Path folder = Files.createTempDirectory("training");
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity(folder)));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
    String url = "https://127.0.0.1:" + server.getAddress().getPort();
    int port = freePort();
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("KUBE")
                    || name.startsWith("IRIS_")
                    || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder
        .environment()
        .putAll(
            Map.of(
                // As in a pod: classes that only a kubeconfig needs are not loaded at each start.
                "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", token(folder),
                "KUBERNETES_CERTS_CA_FILE", folder.resolve("ca.crt").toString(),
                "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                "KUBERNETES_SERVICE_PORT", String.valueOf(server.getAddress().getPort()),
                "IRIS_TOKEN_URL", url + "/token",
                "IRIS_CA_BUNDLE", folder.resolve("ca.crt").toString(),
                "IRIS_PORT", String.valueOf(port)));
    Process operator = builder.start();
    operator.onExit().thenRun(done::countDown);
    boolean valid = done.await(1, TimeUnit.MINUTES) && operator.isAlive();
    if (valid) {
      List.of("/livez", "/readyz", "/metrics").forEach(path -> look(port, path));
    }
    operator.destroy();
    operator.waitFor();
    server.stop(0);
    return valid;
  }

  private static void look(int port, String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.discarding());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static SSLContext identity(Path folder) throws Exception {
    Path store = folder.resolve("training.p12");
    keytool(
        "-genkeypair",
        "-keystore",
        store.toString(),
        "-alias",
        "training",
        "-keyalg",
        "EC",
        "-dname",
        "CN=training",
        "-ext",
        "SAN=ip:127.0.0.1");
    keytool(
        "-exportcert",
        "-rfc",
        "-keystore",
        store.toString(),
        "-alias",
        "training",
        "-file",
        folder.resolve("ca.crt").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream from = Files.newInputStream(store)) {
      keys.load(from, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
  }

  private static String token(Path folder) throws IOException {
    return Files.writeString(folder.resolve("token"), "a").toString();
  }

  private void serve(HttpExchange call) throws IOException {
    try (call) {
      String path = call.getRequestURI().getPath();
      String query = String.valueOf(call.getRequestURI().getQuery());
      String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (query.startsWith("watch=true&timeoutSeconds=1&")) {
        answer(call, 200, "");
        return;
      }
      if (query.contains("watch=true")) {
        watch(call, path.endsWith("/secrets") ? secrets : credentials, query);
        return;
      }
      switch (call.getRequestMethod()) {
        case "GET" -> get(call, path);
        case "PATCH" -> patch(call, body);
        default -> post(call, path, body);
      }
    }
  }

  private static void get(HttpExchange call, String path) throws IOException {
    if (path.endsWith("/iriscredentials")) {
      answer(
          call,
          200,
          LIST.formatted(
              "iris.trackunit.com/v1", "IrisCredential", CREDENTIAL.formatted("1", "null")));
    } else if (path.endsWith("/secrets")) {
      answer(call, 200, LIST.formatted("v1", "Secret", ""));
    } else if (path.endsWith("/login")) {
      answer(call, 200, LOGIN);
    } else {
      answer(call, 404, MISSING);
    }
  }

  private void post(HttpExchange call, String path, String body) throws IOException {
    if (path.equals("/token")) {
      answer(call, 200, TOKEN);
      return;
    }
    String made =
        body.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"uid\":\"3\",\"resourceVersion\":\"2\",");
    answer(call, 201, made);
    if (path.endsWith("/secrets")) {
      secrets.add("{\"type\": \"ADDED\", \"object\": " + made + "}\n");
    } else {
      done.countDown();
    }
  }

  // The patch is [{"op":"test",…},{"op":"add","path":"/status","value":STATUS}].
  private void patch(HttpExchange call, String body) throws IOException {
    String status =
        body.substring(body.lastIndexOf("\"path\":\"/status\",\"value\":") + 25, body.length() - 2);
    String changed = CREDENTIAL.formatted("3", status);
    answer(call, 200, changed);
    credentials.add("{\"type\": \"MODIFIED\", \"object\": " + changed.replace("\n", "") + "}\n");
  }

  private static void watch(HttpExchange call, BlockingQueue<String> events, String query)
      throws IOException {
    // The client tries a WebSocket first, and streams when the answer is 200.
    if (call.getRequestHeaders().containsKey("Upgrade")) {
      answer(call, 200, "{}");
      return;
    }
    call.sendResponseHeaders(200, 0);
    // Only one of the two watches on Secrets gets the event: that on the target Secrets.
    BlockingQueue<String> source =
        query.contains("credentials") ? new LinkedBlockingQueue<>() : events;
    try {
      while (true) {
        call.getResponseBody().write(source.take().getBytes(StandardCharsets.UTF_8));
        call.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange call, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(code, bytes.length);
    call.getResponseBody().write(bytes);
  }
}
