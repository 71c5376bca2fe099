package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.status.StatusEvent;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports each status transition as one Kubernetes Event and one log line. A failure to write the
 * Event is logged and ignored.
 */
public final class EventRecorder {
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  // A name may have 253 characters, and the suffix takes 17 of them.
  private static final int LONGEST_NAME = 236;

  private final AtomicLong lastSuffix = new AtomicLong();
  private final KubernetesClient client;
  private final String instance;

  /**
   * Creates a recorder.
   *
   * @param instance the reporting instance, which identifies this process in each Event
   */
  public EventRecorder(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  void announce(IrisCredential credential, StatusEvent event, Instant now) {
    (event.warning() ? log.atWarn() : log.atInfo())
        .addKeyValue("namespace", credential.getMetadata().getNamespace())
        .addKeyValue("credential", credential.getMetadata().getName())
        .addKeyValue("event", event.reason())
        .log(event.note());
    try {
      client.resource(event(credential, event, now)).create();
    } catch (KubernetesClientException e) {
      log.atDebug().addKeyValue("code", e.getCode()).log("An Event could not be written.");
    }
  }

  /** Logs an ordinary renewal, for which no Event is written. */
  void logRenewal(IrisCredential credential, IrisCredentialStatus status) {
    log.atInfo()
        .addKeyValue("namespace", credential.getMetadata().getNamespace())
        .addKeyValue("credential", credential.getMetadata().getName())
        .log(status.condition("Ready").map(Condition::message).orElse("The token was renewed."));
  }

  private Event event(IrisCredential credential, StatusEvent event, Instant now) {
    String name = credential.getMetadata().getName();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(credential.getMetadata().getNamespace())
        .withName(beginning(name) + "." + suffix(now))
        .endMetadata()
        .withEventTime(new MicroTime(MICROSECONDS.format(now)))
        .withReportingController("iris.trackunit.com/operator")
        .withReportingInstance(instance)
        .withAction("Renew")
        .withReason(event.reason())
        .withType(event.warning() ? "Warning" : "Normal")
        .withNote(event.note())
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(credential.getApiVersion())
                .withKind(credential.getKind())
                .withNamespace(credential.getMetadata().getNamespace())
                .withName(name)
                .withUid(credential.getMetadata().getUid())
                .build())
        .build();
  }

  // Two Events of one step have the same time, but need different names.
  private String suffix(Instant now) {
    long nanoseconds = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return Long.toHexString(lastSuffix.updateAndGet(last -> Math.max(last + 1, nanoseconds)));
  }

  /** As much of a name as an Event's name can begin with; no part of it ends in a hyphen. */
  static String beginning(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceFirst("[-.]+$", "");
  }
}
