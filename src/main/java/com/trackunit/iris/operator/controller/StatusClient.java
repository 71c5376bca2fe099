package com.trackunit.iris.operator.controller;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.status.FailureLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;

/**
 * Writes the status of a credential in one call that replaces all of it and nothing else.
 *
 * <p>A JSON merge patch without a version: only this operator writes the status, and a spec that
 * changes meanwhile is no reason to lose what happened.
 */
final class StatusClient {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final KubernetesClient client;

  StatusClient(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes the status.
   *
   * @return the credential as it is now, with whatever else changed meanwhile
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server did not take
   *     it
   */
  IrisCredential write(
      Context<IrisCredential> context, IrisCredential credential, IrisCredentialStatus status) {
    String patch = mergePatch(credential.getMetadata().getUid(), status);
    return context
        .resourceOperations()
        .resourcePatch(
            credential,
            seen ->
                client
                    .resource(seen)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch),
            context.eventSourceRetriever().getControllerEventSource());
  }

  /**
   * Writes what failed and nothing else.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server did not take
   *     it
   */
  void writeFailures(StandingOrder order, Failure failure) {
    ObjectNode fields = JSON.createObjectNode();
    fields.set("failures", JSON.valueToTree(FailureLog.write(failure)));
    IrisCredential named = new IrisCredential();
    named.getMetadata().setNamespace(order.namespace());
    named.getMetadata().setName(order.name());
    client
        .resource(named)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch(order.uid(), fields));
  }

  // Another credential of the same name has another UID, and the API server refuses the patch.
  private static String patch(String uid, ObjectNode status) {
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("metadata").put("uid", uid);
    return patch.set("status", status).toString();
  }

  // What is absent must be said to be absent, or a merge would keep the old value (RFC 7386).
  static String mergePatch(String uid, IrisCredentialStatus status) {
    ObjectNode fields = JSON.valueToTree(status);
    List.of("conditions", "token", "binding", "failures")
        .forEach(name -> putNullUnlessThere(fields, name));
    if (fields.get("failures") instanceof ObjectNode failures) {
      List.of("credentialsVersion", "rejections")
          .forEach(name -> putNullUnlessThere(failures, name));
    }
    return patch(uid, fields);
  }

  private static void putNullUnlessThere(ObjectNode fields, String name) {
    if (!fields.has(name)) {
      fields.putNull(name);
    }
  }
}
