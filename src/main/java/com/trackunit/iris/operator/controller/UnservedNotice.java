package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AttemptRecorder;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the credentials of a namespace that is not served what is missing there, in their
 * conditions. Needs the rights to list credentials and to write their status; without them it does
 * nothing.
 */
public final class UnservedNotice {
  private static final Logger log = LoggerFactory.getLogger(UnservedNotice.class);
  // The client reads no more at once than it may keep.
  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final AttemptRecorder statuses;
  private final String selector;
  private final InstantSource clock;

  /**
   * Creates it.
   *
   * @param selector label selector of the credentials
   */
  public UnservedNotice(
      KubernetesClient client, AttemptRecorder statuses, String selector, InstantSource clock) {
    this.client = client;
    this.statuses = statuses;
    this.selector = selector;
    this.clock = clock;
  }

  /**
   * Writes the conditions that are not as they should be.
   *
   * @param missing the missing rights, as in {@code watch secrets}
   */
  public void tell(String namespace, String missing) {
    try {
      String next = tellPage(namespace, missing, null);
      while (next != null && !next.isEmpty()) {
        next = tellPage(namespace, missing, next);
      }
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("namespace", namespace)
          .addKeyValue("code", e.getCode())
          .log("The credentials of a namespace could not be told what is missing.");
    }
  }

  private @Nullable String tellPage(String namespace, String missing, @Nullable String page) {
    KubernetesResourceList<IrisCredential> listed =
        client
            .resources(IrisCredential.class)
            .inNamespace(namespace)
            .withLabelSelector(selector)
            .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(page).build());
    listed.getItems().forEach(credential -> tell(credential, missing));
    return listed.getMetadata().getContinue();
  }

  private void tell(IrisCredential credential, String missing) {
    EffectiveSpec spec = EffectiveSpec.of(credential);
    IrisCredentialStatus before = credential.statusOrNone();
    IrisCredentialStatus next = StatusCalculator.unserved(before, spec, missing, clock.instant());
    if (!next.equals(before)) {
      statuses.record(spec, next);
    }
  }
}
