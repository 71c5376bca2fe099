package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys under which a credentials Secret holds the values of a login. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CredentialsSecretKeys(
    @JsonPropertyDescription("Key of the API user's name, for grantType Password.")
        @Default("username")
        @Pattern(KEY)
        @Size(min = 1, max = 253)
        @Nullable String username,
    @JsonPropertyDescription("Key of the API user's password, for grantType Password.")
        @Default("password")
        @Pattern(KEY)
        @Size(min = 1, max = 253)
        @Nullable String password,
    @JsonPropertyDescription("Key of the OAuth client id.")
        @Default("client_id")
        @Pattern(KEY)
        @Size(min = 1, max = 253)
        @Nullable String clientId,
    @JsonPropertyDescription("Key of the OAuth client secret.")
        @Default("client_secret")
        @Pattern(KEY)
        @Size(min = 1, max = 253)
        @Nullable String clientSecret) {

  /** Pattern of the keys that Kubernetes allows in a Secret. */
  static final String KEY = "^[-._a-zA-Z0-9]+$";

  /** The keys that are used when the resource names none. */
  public static final CredentialsSecretKeys DEFAULT =
      new CredentialsSecretKeys(null, null, null, null);

  /** The keys that a login of this grant type needs. */
  public List<String> of(GrantType grantType) {
    return switch (grantType) {
      case PASSWORD -> List.of(usernameKey(), passwordKey(), clientIdKey(), clientSecretKey());
      case CLIENT_CREDENTIALS, APP_TOKEN -> List.of(clientIdKey(), clientSecretKey());
    };
  }

  public String usernameKey() {
    return Objects.requireNonNullElse(username, "username");
  }

  public String passwordKey() {
    return Objects.requireNonNullElse(password, "password");
  }

  public String clientIdKey() {
    return Objects.requireNonNullElse(clientId, "client_id");
  }

  public String clientSecretKey() {
    return Objects.requireNonNullElse(clientSecret, "client_secret");
  }
}
