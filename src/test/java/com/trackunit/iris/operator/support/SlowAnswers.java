package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a server on loopback over which requests go at once, and answers come late. */
public final class SlowAnswers implements AutoCloseable {
  private final ServerSocket listener;
  private final URI server;
  private final Duration delay;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  public SlowAnswers(URI server, Duration delay) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.server = server;
    this.delay = delay;
    Thread.ofVirtual().start(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + server.getPath());
  }

  /** How many requests came. */
  public int requests() {
    return sockets.size() / 2;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      sockets.addAll(List.of(client, upstream));
      Thread.ofVirtual().start(() -> pump(client, upstream));
      int first = upstream.getInputStream().read();
      Thread.sleep(delay);
      client.getOutputStream().write(first);
      upstream.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException ended) {
      // One side hung up, as a client does that waits no longer.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // The server gets the whole request, whether the client waits for the answer or not.
  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // One side hung up.
    }
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
