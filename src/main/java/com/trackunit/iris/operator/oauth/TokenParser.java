package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.JsonFields.Member;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the token from a successful response (RFC 6749 section 5.1). */
final class TokenParser {
  private static final int LONGEST_TOKEN = 64 * 1024;
  private static final int LONGEST_SCOPE = 16 * 1024;

  /** {@code b64token} of RFC 6750 section 2.1: text that needs no quoting in a bearer header. */
  private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");

  /** {@code scope} of RFC 6749 section 3.3. */
  private static final Pattern SCOPE =
      Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]++(?: [\\x21\\x23-\\x5B\\x5D-\\x7E]++)*+");

  /** {@code refresh-token} of RFC 6749 appendix A.17. */
  private static final Pattern REFRESH_TOKEN = Pattern.compile("[\\x20-\\x7E]++");

  private TokenParser() {}

  static TokenResponse read(JsonFields members) {
    Optional<Refused> fault = tokenFault(members).or(() -> typeFault(members));
    if (fault.isPresent()) {
      return fault.get();
    }
    Optional<Member> expiresIn = members.get("expires_in").filter(member -> !member.isNull());
    Optional<Duration> lifetime =
        expiresIn.map(ExpiresIn::of).orElse(Optional.of(ExpiresIn.ASSUMED));
    if (lifetime.isEmpty()) {
      return malformed("expires_in is not a positive number");
    }
    String token = members.get("access_token").map(Member::text).orElseThrow();
    return new Granted(
        new IssuedToken(
            token, lifetime.get(), scope(members), expiresIn.isEmpty(), refreshToken(members)));
  }

  private static Optional<Refused> tokenFault(JsonFields members) {
    Optional<Member> token = members.get("access_token");
    if (token.isEmpty()) {
      return Optional.of(malformed("access_token is missing"));
    }
    if (!token.get().isString()) {
      return Optional.of(malformed("access_token is not a string"));
    }
    if (token.get().text().length() > LONGEST_TOKEN) {
      return Optional.of(malformed("access_token is larger than 64 KiB"));
    }
    return BEARER_TOKEN.matcher(token.get().text()).matches()
        ? Optional.empty()
        : Optional.of(malformed("access_token is not a bearer token"));
  }

  /**
   * RFC 6749 section 7.1: a client must not use a token of an unknown type. A missing type is
   * common and means bearer.
   */
  private static Optional<Refused> typeFault(JsonFields members) {
    Optional<Member> type = members.get("token_type").filter(member -> !member.isNull());
    if (type.isEmpty()) {
      return Optional.empty();
    }
    if (!type.get().isString()) {
      return Optional.of(malformed("token_type is not a string"));
    }
    return type.get().text().equalsIgnoreCase("Bearer")
        ? Optional.empty()
        : Optional.of(new Refused(TokenError.ENDPOINT_MISCONFIGURED, "token_type is not Bearer"));
  }

  private static Optional<String> scope(JsonFields members) {
    return members
        .get("scope")
        .filter(Member::isString)
        .map(Member::text)
        .filter(scope -> scope.length() <= LONGEST_SCOPE && SCOPE.matcher(scope).matches());
  }

  /** An invalid refresh token is ignored: then the next token is requested with the login. */
  private static Optional<String> refreshToken(JsonFields members) {
    return members
        .get("refresh_token")
        .filter(Member::isString)
        .map(Member::text)
        .filter(token -> token.length() <= LONGEST_TOKEN && REFRESH_TOKEN.matcher(token).matches());
  }

  private static Refused malformed(String cause) {
    return new Refused(TokenError.MALFORMED_RESPONSE, cause);
  }
}
