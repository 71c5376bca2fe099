package com.trackunit.iris.operator.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;

/** Stands in for the IRIS API: answers 200 to a token that is alive and 401 to any other. */
final class IrisApi {
  private final HttpServer server;
  private final TokenIssuer issuer;

  private IrisApi(HttpServer server, TokenIssuer issuer) {
    this.server = server;
    this.issuer = issuer;
  }

  static IrisApi start(TokenIssuer issuer) {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      IrisApi api = new IrisApi(HttpServer.create(anyPort, 0), issuer);
      api.server.createContext("/", api::serve);
      api.server.start();
      return api;
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/assets");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String header = exchange.getRequestHeaders().getFirst("Authorization");
      boolean accepted = issuer.accepts(Objects.requireNonNullElse(header, ""));
      exchange.sendResponseHeaders(
          accepted ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAUTHORIZED, -1);
    }
  }
}
