package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy that opens tunnels, all of them to one server, whatever host a client names: so a test
 * may name hosts that do not exist.
 */
public final class TunnelProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int server;
  private final String answer;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private TunnelProxy(int server, String answer) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.server = server;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  public static TunnelProxy to(URI server) throws IOException {
    return new TunnelProxy(server.getPort(), "HTTP/1.1 200 mark\r\n\r\n");
  }

  /** Opens none, and answers so. */
  public static TunnelProxy refusing(String answer) throws IOException {
    return new TunnelProxy(0, answer);
  }

  /** As {@code HTTPS_PROXY} names it. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** The requests for tunnels, as they were sent. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client) {
      requests.add(head(client));
      client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      if (server != 0) {
        tunnel(client);
      }
    } catch (IOException ended) {
      // One side hung up.
    }
  }

  private void tunnel(Socket client) throws IOException {
    try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server)) {
      sockets.add(upstream);
      Thread.ofVirtual().start(() -> pump(client, upstream));
      upstream.getInputStream().transferTo(client.getOutputStream());
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException ended) {
      // One side hung up.
    }
  }

  private static String head(Socket client) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = client.getInputStream().read();
      if (next < 0) {
        throw new IOException("The client hung up.");
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }
}
