package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * A server that does on each connection exactly what a script says, byte for byte.
 *
 * <p>Knows no HTTP beyond where a request ends.
 */
public final class RawServer implements AutoCloseable {
  /** What to do on one connection; an exception of the socket's ends it. */
  @FunctionalInterface
  public interface Script {
    void talk(Conversation client) throws IOException;
  }

  private final ServerSocket listener;
  private final String scheme;
  private final Script script;
  private final List<Conversation> conversations = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocket listener, String scheme, Script script) {
    this.listener = listener;
    this.scheme = scheme;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  public static RawServer plain(Script script) throws IOException {
    return plain(InetAddress.getLoopbackAddress(), script);
  }

  /** One that listens at this address alone. */
  public static RawServer plain(InetAddress address, Script script) throws IOException {
    return new RawServer(new ServerSocket(0, 500, address), "http", script);
  }

  public static RawServer tls(SSLContext tls, Script script) throws IOException {
    return tls(tls, InetAddress.getLoopbackAddress(), script);
  }

  /** One that listens at this address alone. */
  public static RawServer tls(SSLContext tls, InetAddress address, Script script)
      throws IOException {
    ServerSocket listener = tls.getServerSocketFactory().createServerSocket(0, 500, address);
    return new RawServer(listener, "https", script);
  }

  /** Answers every request with these bytes, read as ISO 8859-1, and hangs up. */
  public static RawServer answering(String bytes) throws IOException {
    return plain(
        client -> {
          client.hear();
          client.say(bytes);
        });
  }

  public URI url() {
    return url(scheme);
  }

  /** The same place under another scheme, for clients that expect something else here. */
  public URI url(String otherScheme) {
    return URI.create(otherScheme + "://127.0.0.1:" + listener.getLocalPort() + "/token");
  }

  /** In the order they began. */
  public List<Conversation> conversations() {
    return List.copyOf(conversations);
  }

  /** For tests that count what is left in memory. */
  public void forgetConversations() {
    conversations.clear();
  }

  private void accept() {
    try {
      while (true) {
        Conversation conversation = new Conversation(listener.accept());
        conversations.add(conversation);
        Thread.ofVirtual().start(() -> talk(conversation));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void talk(Conversation conversation) {
    try (conversation) {
      script.talk(conversation);
    } catch (IOException ended) {
      // The client hung up, as some rows expect.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Conversation conversation : conversations) {
        conversation.close();
      }
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  /**
   * An address at which nobody listens. Its port is none that Linux gives to outgoing connections:
   * such a connection could be made to itself.
   */
  public static URI nobody() {
    return URI.create("http://127.0.0.1:" + FreePorts.next() + "/token");
  }

  static void abort(Socket socket) throws IOException {
    // Lingering for no time turns the close into a reset.
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
