package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.ask;
import static com.trackunit.iris.operator.oauth.Exchanges.unsent;
import static com.trackunit.iris.operator.oauth.Exchanges.withoutVerdict;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.support.Scripts.doing;
import static com.trackunit.iris.operator.support.Scripts.saidThenStalls;
import static com.trackunit.iris.operator.support.Scripts.trickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The two bounds as they are shipped, to the second: five for a connection, fifteen for all. */
class RealBoundsTest {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WHOLE = Duration.ofSeconds(15);
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";

  private record Ended(TokenResponse answer, Duration took) {}

  /** All at once, so that they take one bound together. */
  @Test
  void endsEveryExchangeWithinFifteenSeconds() throws Exception {
    Map<String, RawServer> servers = new LinkedHashMap<>();
    for (Map.Entry<String, Script> script : scripts().entrySet()) {
      servers.put(script.getKey(), RawServer.plain(script.getValue()));
    }

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<Ended>> exchanges = new LinkedHashMap<>();
      servers.forEach(
          (name, server) -> exchanges.put(name, callers.submit(() -> timed(server.url()))));

      for (Map.Entry<String, Future<Ended>> exchange : exchanges.entrySet()) {
        Ended ended = exchange.getValue().get();
        assertThat(ended.answer())
            .as(exchange.getKey())
            .isEqualTo(withoutVerdict("no answer within 15 s"));
        assertThat(ended.took()).as(exchange.getKey()).isBetween(WHOLE, WHOLE.plus(A_SECOND));
        awaitHangUp(servers.get(exchange.getKey()));
      }
    }
    servers.values().forEach(RawServer::close);
  }

  private static Map<String, Script> scripts() {
    Map<String, Script> scripts = new LinkedHashMap<>();
    scripts.put("a stall before the request was read", doing(Conversation::stall));
    scripts.put("a stall before the headers", saidThenStalls(""));
    scripts.put("a stall within the body", saidThenStalls(HEAD + "{"));
    scripts.put("a trickle of headers", trickle("HTTP/1.1 200 OK\r\n", "a: b\r\n"));
    scripts.put("a trickle of body", trickle(HEAD, " "));
    return scripts;
  }

  /** Linux answers no greeting of a connection for which the listener has no room. */
  @Test
  void givesUpAConnectionAfterFiveSeconds() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int room = 0; room < 2; room++) {
        waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
      }

      Ended ended = timed(URI.create("http://127.0.0.1:" + full.getLocalPort() + "/token"));

      assertThat(ended.answer()).isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "no connection in time"));
      assertThat(ended.took()).isBetween(CONNECT, CONNECT.plus(A_SECOND));
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** A connection counts as made when its handshake is over. */
  @Test
  void givesUpAHandshakeAfterFiveSeconds() throws IOException {
    try (RawServer server = RawServer.plain(Conversation::stall)) {
      Ended ended = timed(server.url("https"));

      assertThat(ended.answer()).isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "no connection in time"));
      assertThat(ended.took()).isBetween(CONNECT, CONNECT.plus(A_SECOND));
      awaitHangUp(server);
    }
  }

  /** No machine has a way to a group of hosts over TCP. */
  @Test
  void saysThatAHostIsUnreachable() {
    Ended ended = timed(URI.create("http://224.0.0.1:9/token"));

    assertThat(ended.answer())
        .isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "no connection could be made"));
    assertThat(ended.took()).isLessThan(A_SECOND);
  }

  private static Ended timed(URI url) {
    long begin = System.nanoTime();
    TokenResponse answer = ask(Exchanges.LOGIN, url, WHOLE);
    return new Ended(answer, Duration.ofNanos(System.nanoTime() - begin));
  }

  private static void awaitHangUp(RawServer server) {
    await().until(() -> server.conversations().stream().allMatch(Conversation::clientHungUp));
  }
}
