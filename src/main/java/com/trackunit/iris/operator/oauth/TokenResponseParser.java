package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.JsonFields.Member;
import com.trackunit.iris.operator.oauth.TokenResponse.Delivery;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Classifies an HTTP response from its status, headers and body alone.
 *
 * <p>The result contains no text from the server, except tokens and a scope that are well formed.
 */
final class TokenResponseParser {
  private static final Pattern JSON_TYPE =
      Pattern.compile("(?:application/(?:[a-z0-9.+-]*\\+)?|text/)json\\s*(?:;.*)?");

  private TokenResponseParser() {}

  /** How the body of a response is read. Most responses are classified by their status alone. */
  static BodySubscriber<BoundedBody> body(int status) {
    return switch (status) {
      case 200, 400 -> BoundedBody.whole();
      // The class is known; the code in the body is for the sentence alone.
      case 401, 402, 403, 451 -> BoundedBody.ifItComes();
      default -> BoundedBody.none();
    };
  }

  /** Whether a response whose body broke off can be classified all the same. */
  static boolean isClear(int status) {
    return status != 200 && status != 400;
  }

  static TokenResponse read(int status, HttpHeaders headers, BoundedBody body) {
    return switch (status) {
      case 200 -> success(headers, body);
      case 400 -> badRequest(headers, body);
      case 401 ->
          new Refused(
              TokenError.CREDENTIALS_REJECTED, code(headers, body).orElse("HTTP " + status));
      case 402, 403, 451 ->
          new Refused(
              TokenError.ACCESS_RESTRICTED,
              "HTTP " + status + code(headers, body).map(", "::concat).orElse(""));
      case 429 -> new Refused(TokenError.RATE_LIMITED, "HTTP 429", RetryAfter.in(headers));
      case 503 -> new Refused(TokenError.ENDPOINT_UNAVAILABLE, "HTTP 503", RetryAfter.in(headers));
      // A gateway gave up waiting; the server behind it may have judged the login since.
      case 504 ->
          new Refused(
              TokenError.ENDPOINT_UNAVAILABLE, "HTTP 504", Optional.empty(), Delivery.NO_VERDICT);
      default -> new Refused(refusal(status), "HTTP " + status);
    };
  }

  private static TokenResponse success(HttpHeaders headers, BoundedBody sent) {
    Optional<BoundedBody> decoded = decoded(headers, sent);
    if (decoded.isEmpty()) {
      return malformed("the answer is encoded in a way that cannot be undone");
    }
    BoundedBody body = decoded.get();
    if (body.tooLarge()) {
      return malformed("the answer is larger than 128 KiB");
    }
    Optional<JsonFields> members = JsonFields.in(body);
    if (members.isEmpty()) {
      return malformed("the answer is not one JSON object");
    }
    // An error counts even if a token comes with it (RFC 6749 section 5.2).
    Optional<Member> error = members.get().get("error").filter(member -> !member.isNull());
    if (error.isPresent()) {
      return OAuthError.code(members.get())
          .map(code -> new Refused(OAuthError.meaning(code), code))
          .orElse(new Refused(TokenError.REQUEST_REJECTED, "an unknown error"));
    }
    return isJson(headers)
        ? TokenParser.read(members.get())
        : malformed("the answer's content type is not JSON");
  }

  private static TokenResponse badRequest(HttpHeaders headers, BoundedBody sent) {
    return code(headers, sent)
        .map(code -> new Refused(OAuthError.meaning(code), code))
        .orElse(new Refused(TokenError.REQUEST_REJECTED, "HTTP 400"));
  }

  private static Optional<String> code(HttpHeaders headers, BoundedBody sent) {
    return decoded(headers, sent)
        .filter(body -> !body.tooLarge())
        .flatMap(JsonFields::in)
        .flatMap(OAuthError::code);
  }

  // No encoding is requested, but some gateways compress anyway.
  private static Optional<BoundedBody> decoded(HttpHeaders headers, BoundedBody body) {
    List<String> encodings =
        headers.allValues("Content-Encoding").stream()
            .map(encoding -> encoding.strip().toLowerCase(Locale.ROOT))
            .filter(encoding -> !encoding.equals("identity"))
            .toList();
    if (encodings.isEmpty() || body.tooLarge()) {
      return Optional.of(body);
    }
    boolean gzip = encodings.equals(List.of("gzip")) || encodings.equals(List.of("x-gzip"));
    return gzip ? body.inflated() : Optional.empty();
  }

  /** A missing content type is accepted, because the body was already parsed as JSON. */
  private static boolean isJson(HttpHeaders headers) {
    return headers.allValues("Content-Type").stream()
        .map(type -> type.strip().toLowerCase(Locale.ROOT))
        .allMatch(type -> JSON_TYPE.matcher(type).matches());
  }

  private static TokenError refusal(int status) {
    return switch (status) {
      case 408, 425 -> TokenError.ENDPOINT_UNAVAILABLE;
      case 404, 405, 407, 410, 421, 426 -> TokenError.ENDPOINT_MISCONFIGURED;
      default -> refusalByClass(status / 100);
    };
  }

  private static TokenError refusalByClass(int hundreds) {
    return switch (hundreds) {
      case 3 -> TokenError.ENDPOINT_MISCONFIGURED;
      case 4 -> TokenError.REQUEST_REJECTED;
      case 5 -> TokenError.ENDPOINT_UNAVAILABLE;
      default -> TokenError.MALFORMED_RESPONSE;
    };
  }

  private static Refused malformed(String cause) {
    return new Refused(TokenError.MALFORMED_RESPONSE, cause);
  }
}
