package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The desired state: which login and which scopes to use, which Secret to write, and how early to
 * renew.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IrisCredentialSpec(
    @JsonPropertyDescription(
            "The Secret with the login: client id and client secret, and for grantType Password user name and password.")
        @Required
        CredentialsSecretRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Which OAuth 2.0 grant is used: Password for an API user, ClientCredentials for a key of API Tokens v2, AppToken"
                + " for the client of a marketplace app.")
        @Default("Password")
        @Nullable GrantType grantType,
    @JsonPropertyDescription(
            "Scopes that are asked for. Default for grantType Password: api; required for the others.")
        @Size(min = 1, max = 64)
        @Nullable List<@Pattern(SCOPE) @Size(min = 1, max = 128) String> scopes,
    @JsonPropertyDescription("The Secret that the token is written to.")
        @Nullable TargetSecretSpec targetSecret,
    @JsonPropertyDescription(
            "Renew the token this long before it expires, for example 20m or 1h30m. Default: between half and two thirds"
                + " of its life. Excludes renewBeforePercentage.")
        @Pattern(DurationFormat.PATTERN)
        @Size(min = 2, max = 18)
        @Nullable String renewBefore,
    @JsonPropertyDescription(
            "Renew the token when this share of its life is left, in percent. Excludes renewBefore.")
        @Min(1)
        @Max(99)
        @Nullable Integer renewBeforePercentage,
    @JsonPropertyDescription(
            "Request no token. The Secret is kept, and restored from the token that is stored in it. Default: false.")
        @Nullable Boolean suspend) {

  /** Pattern of the names that Kubernetes allows for a Secret (RFC 1123 subdomain). */
  public static final String NAME =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** Pattern of one scope token (RFC 6749 section 3.3). */
  static final String SCOPE = "^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$";

  IrisCredentialSpec withLogin(CredentialsSecretRef login) {
    return new IrisCredentialSpec(
        login, grantType, scopes, targetSecret, renewBefore, renewBeforePercentage, suspend);
  }
}
