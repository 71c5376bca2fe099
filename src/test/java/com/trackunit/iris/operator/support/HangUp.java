package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A load balancer without backends: accepts every connection and closes it. */
public final class HangUp implements AutoCloseable {
  private final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket listener;

  public HangUp(String address, int port) throws IOException {
    listener = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
    Thread.ofVirtual().start(this::accept);
  }

  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        listener.accept().close();
        connections.incrementAndGet();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
