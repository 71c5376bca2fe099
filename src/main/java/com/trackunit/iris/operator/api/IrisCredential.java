package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Custom resource: keeps one valid IRIS token in a Secret. */
@Group(IrisCredential.GROUP)
@Version(IrisCredential.VERSION)
@Kind(IrisCredential.KIND)
// Without the next two, every new object computes these names.
@Singular("iriscredential")
@Plural("iriscredentials")
@ShortNames("iriscred")
@Categories("iris")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "RENEWAL",
    jsonPath = ".status.conditions[?(@.type==\"Renewed\")].reason")
@AdditionalPrinterColumn(name = "EXPIRES", jsonPath = ".status.token.expiresAt")
@AdditionalPrinterColumn(name = "RENEWS", jsonPath = ".status.token.renewAt")
@AdditionalPrinterColumn(name = "SECRET", jsonPath = ".status.binding.name", priority = 1)
@AdditionalPrinterColumn(
    name = "NEXT TRY",
    jsonPath = ".status.failures.nextAttemptTime",
    priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = IrisCredential.TARGET + " != self.spec.credentialsSecretRef.name",
    message =
        "spec.targetSecret.name must differ from spec.credentialsSecretRef.name: a token must not replace the login")
@ValidationRule(
    value =
        IrisCredential.TARGET
            + " == (has(oldSelf.spec.targetSecret) && has(oldSelf.spec.targetSecret.name)"
            + " ? oldSelf.spec.targetSecret.name : oldSelf.metadata.name + '-token')",
    message = "spec.targetSecret.name cannot be changed: delete this resource and create another")
@ValidationRule(
    value =
        "has(self.spec.targetSecret) && has(self.spec.targetSecret.name) || size(self.metadata.name) <= 247",
    message =
        "metadata.name is too long to append -token: name the Secret in spec.targetSecret.name")
@JsonDeserialize(using = IrisCredentialReader.class)
public class IrisCredential extends CustomResource<IrisCredentialSpec, IrisCredentialStatus>
    implements Namespaced {
  public static final String GROUP = "iris.trackunit.com";
  public static final String VERSION = "v1";
  public static final String KIND = "IrisCredential";

  /**
   * Each new value of this annotation requests one renewal. A long value is read as its
   * fingerprint.
   */
  public static final String RENEW_REQUESTED_AT = GROUP + "/renew-requested-at";

  /**
   * The name of the target Secret, as a CEL expression for the schema. {@code EffectiveSpec}
   * computes the same name in Java.
   */
  static final String TARGET =
      "(has(self.spec.targetSecret) && has(self.spec.targetSecret.name)"
          + " ? self.spec.targetSecret.name : self.metadata.name + '-token')";

  private static final long serialVersionUID = 1L;

  private transient @Nullable String unreadable;

  @Override
  @JsonPropertyDescription("Desired token: login, scopes, target Secret and renewal time.")
  @Required
  @ValidationRule(
      value = "!has(self.renewBefore) || !has(self.renewBeforePercentage)",
      message = "renewBefore and renewBeforePercentage exclude each other: keep one of them")
  @ValidationRule(
      value = "!has(self.renewBefore) || self.renewBefore.matches('[1-9]')",
      message = "renewBefore must be longer than 0s: leave it out for the default")
  @ValidationRule(
      value = "self.grantType == 'Password' || has(self.scopes)",
      message =
          "scopes are required unless grantType is Password: name those of the API key or of the app")
  public IrisCredentialSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("Observed state: token, conditions, failures and the next try.")
  public IrisCredentialStatus getStatus() {
    return super.getStatus();
  }

  /** The status, empty before the first reconciliation. */
  public IrisCredentialStatus statusOrNone() {
    return Objects.requireNonNullElse(getStatus(), IrisCredentialStatus.NONE);
  }

  /**
   * The first field of the spec that this version cannot read, for example {@code spec.grantType};
   * empty when it can read all of them. {@link #getSpec()} omits unreadable fields.
   */
  public Optional<String> unreadableField() {
    return Optional.ofNullable(unreadable);
  }

  /** Whether the credential is deleted, and only somebody's finalizer still holds it. */
  @JsonIgnore
  public boolean isBeingDeleted() {
    return getMetadata().getDeletionTimestamp() != null;
  }

  /**
   * Always false. The framework asks this, and reconciles no resource that says yes; but pods mount
   * the Secret until the credential is gone. {@link #isBeingDeleted} has the answer.
   */
  @Override
  @JsonIgnore
  public boolean isMarkedForDeletion() {
    return false;
  }

  void setUnreadable(@Nullable String field) {
    unreadable = field;
  }

  /** A copy with metadata of its own. Both share spec and status, which are immutable. */
  public IrisCredential copy() {
    IrisCredential copy = new IrisCredential();
    copy.setMetadata(new ObjectMetaBuilder(getMetadata()).build());
    copy.setSpec(getSpec());
    copy.setStatus(getStatus());
    copy.setUnreadable(unreadable);
    return copy;
  }
}
