package com.trackunit.iris.operator.leader;

import com.trackunit.iris.operator.net.ApiServerProxy;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API calls that concern the Lease.
 *
 * <p>Uses a connection of its own with a short timeout and no automatic retries: a renewal that
 * waits behind other calls may come too late.
 */
final class LeaseClient implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  LeaseClient(Config kubernetes, String namespace, String name) {
    Config shortTimeouts = new ConfigBuilder(kubernetes).build();
    shortTimeouts.setRequestTimeout((int) CALL_TIMEOUT.toMillis());
    shortTimeouts.setRequestRetryBackoffLimit(0);
    ApiServerProxy.adapt(shortTimeouts);
    this.client =
        new KubernetesClientBuilder()
            .withConfig(shortTimeouts)
            // This interceptor would log the operator's own login.
            .withHttpClientBuilderConsumer(
                builder -> builder.addOrReplaceInterceptor("HttpLogging", null))
            .build();
    this.namespace = namespace;
    this.name = name;
  }

  /** Why the Lease cannot be used; empty when it can. */
  Optional<String> problem() {
    return Stream.of("get", "create", "update")
        .filter(verb -> !mayDo(verb))
        .findFirst()
        .map(
            verb ->
                "The operator may not %s leases in namespace %s, and IRIS_LEADER_ELECTION needs one. Grant it as deploy/base/leases.yaml does, or set IRIS_LEADER_ELECTION=false and run one replica."
                    .formatted(verb, namespace));
  }

  private boolean mayDo(String verb) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup("coordination.k8s.io")
            .withResource("leases")
            .withNamespace(namespace)
            .withName(name)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(client.resource(review).create().getStatus().getAllowed());
  }

  /** The current Lease, null when there is none. */
  @Nullable Lease read() {
    return client.leases().inNamespace(namespace).withName(name).get();
  }

  /**
   * Writes the Lease at the version that was read, null: creates it. Of two concurrent writers, the
   * first one wins.
   *
   * @param holder the new holder; empty: releases the Lease
   */
  Lease write(@Nullable Lease seen, String holder, Duration term, Instant now) {
    LeaseSpec before = seen == null || seen.getSpec() == null ? new LeaseSpec() : seen.getSpec();
    boolean renewed = holder.equals(before.getHolderIdentity());
    ZonedDateTime time = now.atZone(ZoneOffset.UTC);
    Lease lease =
        new LeaseBuilder(seen == null ? new Lease() : seen)
            .editOrNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .editOrNewSpec()
            .withHolderIdentity(holder)
            .withLeaseDurationSeconds((int) term.toSeconds())
            .withRenewTime(time)
            .withAcquireTime(renewed ? before.getAcquireTime() : time)
            .withLeaseTransitions(transitions(before, !renewed && !holder.isEmpty()))
            .endSpec()
            .build();
    return seen == null ? client.resource(lease).create() : client.resource(lease).update();
  }

  /** How often the Lease changed its holder. After an overflow, the count starts again at 0. */
  static int transitions(LeaseSpec before, boolean another) {
    int count = Objects.requireNonNullElse(before.getLeaseTransitions(), 0);
    return Math.max(0, another ? count + 1 : count);
  }

  /** The Lease as {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }

  @Override
  public void close() {
    client.close();
  }
}
