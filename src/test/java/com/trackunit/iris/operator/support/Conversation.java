package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to a {@link RawServer}, from the server's side. Bytes are shown as ISO 8859-1. */
public final class Conversation implements Closeable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");

  private final Socket socket;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private volatile boolean clientHungUp;

  Conversation(Socket socket) {
    this.socket = socket;
  }

  /** Reads one whole request. */
  public void hear() throws IOException {
    while (!isWhole(heard())) {
      hearByte();
    }
  }

  /** Reads the beginning of a request only. */
  public void hearByte() throws IOException {
    int next = socket.getInputStream().read();
    if (next < 0) {
      clientHungUp = true;
      throw new IOException("The client hung up.");
    }
    synchronized (heard) {
      heard.write(next);
    }
  }

  private static boolean isWhole(String request) {
    int head = request.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(request);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return request.length() >= head + 4 + body;
  }

  public void say(String bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException gone) {
      clientHungUp = true;
      throw gone;
    }
  }

  /** Listens until the client hangs up. */
  public void stall() throws IOException {
    while (!clientHungUp) {
      pause(Duration.ofMinutes(1));
    }
  }

  /** Says nothing for so long; ends the conversation if the client does. */
  public void pause(Duration duration) throws IOException {
    socket.setSoTimeout(Math.toIntExact(duration.toMillis()));
    try {
      hearByte();
    } catch (SocketTimeoutException patient) {
      socket.setSoTimeout(0);
    } catch (IOException gone) {
      clientHungUp = true;
      throw gone;
    }
  }

  /** Ends the connection at once, with a reset instead of a farewell. */
  public void reset() throws IOException {
    RawServer.abort(socket);
  }

  /** All that was read so far. */
  public String heard() {
    synchronized (heard) {
      return heard.toString(ISO_8859_1);
    }
  }

  /** Whether the client has closed or reset the connection, as far as was noticed. */
  public boolean clientHungUp() {
    return clientHungUp;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
