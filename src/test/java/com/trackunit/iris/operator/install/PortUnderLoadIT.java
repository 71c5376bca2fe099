package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FreePorts;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.RawServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port of the shipped jar, in a small heap, when others use it as no client should. */
class PortUnderLoadIT {
  // The default of a probe, which the manifests keep.
  private static final int FAILURE_THRESHOLD = 3;
  // Longer than the time for a request or for a page.
  private static final Duration LIMIT = Duration.ofSeconds(25);
  private static final int MANY = 2000;
  private static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";

  private final int probePort = FreePorts.next();
  private final List<SocketChannel> attack = new ArrayList<>();
  private RawServer cluster;
  private OperatorProcess operator;

  @BeforeEach
  void start() throws IOException {
    cluster = RawServer.plain(client -> client.stall());
    operator =
        OperatorProcess.startWithHeap(
            Map.of(
                "KUBERNETES_MASTER",
                cluster.url().toString(),
                "IRIS_PROBE_PORT",
                String.valueOf(probePort)),
            "40m");
    await().until(() -> operator.get("/metrics").startsWith("200 "));
  }

  @AfterEach
  void stop() throws IOException {
    for (SocketChannel connection : attack) {
      connection.close();
    }
    operator.close();
    cluster.close();
  }

  @Test
  void survivesThousandsOfHalfRequests() throws IOException {
    for (int i = 0; i < MANY; i++) {
      open("127.0.0.9", "GET /metrics HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    }

    assertThat(probe()).isEqualTo("HTTP/1.1 200 OK");
    await().atMost(LIMIT).until(() -> operator.get("/metrics").startsWith("200 "));
    assertThat(operator.get("/livez")).isEqualTo("200 ok\n");
  }

  @Test
  void survivesHeadersThatNeverEnd() throws IOException {
    String header = "X-Large: " + "x".repeat(300_000);
    for (int i = 0; i < 200; i++) {
      open("127.0.0.9", "GET /metrics HTTP/1.1\r\nHost: a\r\n" + header);
    }

    assertThat(probe()).isEqualTo("HTTP/1.1 200 OK");
    await().atMost(LIMIT).until(() -> operator.get("/metrics").startsWith("200 "));
  }

  @Test
  void hangsUpOnAClientThatDoesNotReadAndServesAnotherOneMeanwhile() throws IOException {
    SocketChannel lazy = open("127.0.0.9", SCRAPE.repeat(MANY));

    for (int i = 0; i < 5; i++) {
      // The place of a scrape is free a moment after its last byte.
      await().atMost(LIMIT).until(() -> operator.get("/metrics").startsWith("200 "));
    }
    assertThat(probe()).isEqualTo("HTTP/1.1 200 OK");
    await().atMost(LIMIT).until(() -> isHungUp(lazy));
  }

  /** A connection from this address of the machine, on which this was sent as far as it goes. */
  private SocketChannel open(String address, String sent) throws IOException {
    SocketChannel connection = SocketChannel.open();
    attack.add(connection);
    connection.bind(new InetSocketAddress(address, 0));
    try {
      connection.connect(new InetSocketAddress("127.0.0.1", operator.port()));
      connection.configureBlocking(false);
      connection.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // Refused, which is what is wanted.
    }
    return connection;
  }

  // Nothing is read, so only a write shows that the other end is gone.
  private static boolean isHungUp(SocketChannel connection) {
    try {
      connection.write(ByteBuffer.wrap(new byte[] {'a'}));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** As kubelet asks, for which a probe fails after three timeouts in a row. */
  private String probe() throws IOException {
    for (int failures = 1; ; failures++) {
      try {
        return probeOnce();
      } catch (SocketTimeoutException e) {
        if (failures == FAILURE_THRESHOLD) {
          throw e;
        }
      }
    }
  }

  /** A new connection, with a second for all. */
  private String probeOnce() throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(1000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), probePort), 1000);
      socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
      return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
    }
  }
}
