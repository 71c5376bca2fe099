import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Trackunit in one pod, given the file of the password and the store of the key for TLS: a token
 * endpoint on port 8443, with TLS, and on port 8080 an API that knows which tokens live.
 *
 * <p>/counts tells what was asked and refused, /outage/60 puts the token endpoint out for a minute.
 * Nothing is kept across a restart.
 */
final class StandIn {
  private static final Duration LIFE = Duration.ofSeconds(300);
  private static final char[] STORE_PASSWORD = "stand-in".toCharArray();

  private final String login;
  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
  private Instant lastIssue = Instant.MIN;
  private Instant outageEnd = Instant.MIN;
  private long soonest = Long.MAX_VALUE;
  private int issued;
  private int rejected;
  private int unavailable;
  private int calls;
  private int refused;

  private StandIn(String login) {
    this.login = login;
  }

  public static void main(String[] arguments) throws Exception {
    StandIn trackunit = new StandIn(Files.readString(Path.of(arguments[0])));
    HttpsServer tokens = HttpsServer.create(new InetSocketAddress(8443), 0);
    tokens.setHttpsConfigurator(new HttpsConfigurator(tls(Path.of(arguments[1]))));
    HttpServer api = HttpServer.create(new InetSocketAddress(8080), 0);
    tokens.createContext("/token", trackunit::token);
    api.createContext("/api", trackunit::api);
    api.createContext("/counts", trackunit::counts);
    api.createContext("/outage", trackunit::outage);
    for (HttpServer server : new HttpServer[] {tokens, api}) {
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
    }
  }

  private static SSLContext tls(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private synchronized void token(HttpExchange exchange) throws IOException {
    Instant now = Instant.now();
    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (now.isBefore(outageEnd)) {
      unavailable++;
      say("token: out");
      answer(exchange, 503, "");
      return;
    }
    if (!form.contains("grant_type=password") || !form.contains("password=" + login)) {
      rejected++;
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    if (issued > 0) {
      soonest = Math.min(soonest, Duration.between(lastIssue, now).toSeconds());
    }
    String token = UUID.randomUUID().toString();
    expiries.put(token, now.plus(LIFE));
    lastIssue = now;
    issued++;
    say("token: issued " + issued);
    answer(
        exchange,
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"scope\":\"api\",\"expires_in\":%d}"
            .formatted(token, LIFE.toSeconds()));
  }

  private synchronized void api(HttpExchange exchange) throws IOException {
    String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    Instant expiry =
        header.startsWith("Bearer ") ? expiries.get(header.substring("Bearer ".length())) : null;
    boolean alive = expiry != null && Instant.now().isBefore(expiry);
    calls++;
    if (!alive) {
      refused++;
      say("api: refused, the token " + (expiry == null ? "is unknown" : "expired at " + expiry));
    }
    answer(exchange, alive ? 200 : 401, "");
  }

  private synchronized void counts(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        "issued=%d soonest=%d rejected=%d unavailable=%d calls=%d refused=%d\n"
            .formatted(issued, soonest, rejected, unavailable, calls, refused));
  }

  private synchronized void outage(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    outageEnd = Instant.now().plusSeconds(Long.parseLong(path.substring("/outage/".length())));
    answer(exchange, 200, "out until " + outageEnd + "\n");
  }

  private static void say(String what) {
    System.out.println(Instant.now() + " " + what);
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }
}
