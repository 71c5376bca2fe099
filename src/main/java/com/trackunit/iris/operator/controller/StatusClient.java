package com.trackunit.iris.operator.controller;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.trackunit.iris.operator.acquire.AttemptRecorder;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Writes the status of a credential in one call that replaces the whole status and nothing else.
 *
 * <p>Sends a JSON patch (RFC 6902) that tests the UID, so that another credential of the same name
 * never gets this status. It does not test the resourceVersion: only this operator writes the
 * status, and a concurrent change of the spec must not discard it.
 */
public final class StatusClient implements AttemptRecorder {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();
  private static final int UNPROCESSABLE = 422;
  // The API server uses this message only for a patch that does not apply.
  private static final String TEST_FAILED =
      "the server rejected our request due to an error in our request";
  private static final PatchContext JSON_PATCH = PatchContext.of(PatchType.JSON);
  private static final Duration FIRST_WRITE = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final KubernetesClient first;

  /**
   * Creates the client.
   *
   * @param client its time limit holds for every call but the first write of a status
   */
  public StatusClient(KubernetesClient client) {
    this.client = client;
    first =
        client
            .newClient(
                new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                    .withRequestTimeout((int) FIRST_WRITE.toMillis())
                    .build())
            .adapt(KubernetesClient.class);
  }

  /**
   * Writes the status. The first write waits two seconds for each response, so that credentials
   * whose size keeps the API server busy do not occupy all threads.
   *
   * @param repeated whether the last write of a status of this credential failed
   * @return the credential after the write, with all concurrent changes
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the status was not written
   */
  IrisCredential write(
      Context<IrisCredential> framework,
      IrisCredential credential,
      EffectiveSpec spec,
      IrisCredentialStatus status,
      boolean repeated) {
    return framework
        .resourceOperations()
        .resourcePatch(
            credential,
            seen -> write(repeated ? client : first, spec, status),
            framework.eventSourceRetriever().getControllerEventSource());
  }

  /**
   * Writes a status in which only {@code failures} differs.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the status was not written
   */
  @Override
  public void record(EffectiveSpec spec, IrisCredentialStatus status) {
    write(client, spec, status);
  }

  // The client copies the object that it is given, so it gets a name only.
  private static IrisCredential write(
      KubernetesClient client, EffectiveSpec spec, IrisCredentialStatus status) {
    IrisCredential named = new IrisCredential();
    named.getMetadata().setNamespace(spec.namespace());
    named.getMetadata().setName(spec.name());
    return client
        .resource(named)
        .subresource("status")
        .patch(JSON_PATCH, patch(spec.uid(), status));
  }

  /**
   * Whether this error of a status write means that no credential of this UID exists: either the
   * name was not found, or the UID test failed. A 404 that names no object may come from a server
   * that does not serve the resource yet.
   */
  static boolean isOfNone(KubernetesClientException e, String name) {
    Status status = e.getStatus();
    StatusDetails details = status == null ? null : status.getDetails();
    String named = details == null ? null : details.getName();
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND -> name.equals(named);
      // A status that violates the schema, or that a webhook denies, may also get a 422.
      case UNPROCESSABLE ->
          status != null && status.getMessage() != null && status.getMessage().equals(TEST_FAILED);
      default -> false;
    };
  }

  public static String patch(String uid, IrisCredentialStatus status) {
    ArrayNode patch = JSON.createArrayNode();
    patch.addObject().put("op", "test").put("path", "/metadata/uid").put("value", uid);
    patch
        .addObject()
        .put("op", "add")
        .put("path", "/status")
        .set("value", JSON.valueToTree(status));
    return patch.toString();
  }

  /**
   * Whether a credential is deleted or marked for deletion. A deletion with orphan propagation
   * removes the owner from its Secret before the credential itself is removed.
   *
   * @throws KubernetesClientException if the API server does not answer
   */
  public boolean isDeleted(EffectiveSpec spec) {
    return present(spec).allMatch(IrisCredential::isBeingDeleted);
  }

  /**
   * Whether a credential does not exist any more. One that a finalizer holds exists.
   *
   * @throws KubernetesClientException if the API server does not answer
   */
  public boolean isGone(EffectiveSpec spec) {
    return present(spec).findAny().isEmpty();
  }

  private Stream<IrisCredential> present(EffectiveSpec spec) {
    // A list with a field selector, because the role does not allow get.
    return client
        .resources(IrisCredential.class)
        .inNamespace(spec.namespace())
        .withField("metadata.name", spec.name())
        .list()
        .getItems()
        .stream()
        .filter(credential -> credential.getMetadata().getUid().equals(spec.uid()));
  }
}
