package com.trackunit.iris.operator.startup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.health.ClusterJson;
import com.trackunit.iris.operator.health.MetadataReader;
import com.trackunit.iris.operator.health.NamespaceProbe;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.leader.FencingInterceptor;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.net.ApiServerProxy;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.time.Duration;
import java.util.Set;

/** Creates the client for the API server, which is used for everything but the Lease. */
public final class KubernetesClients {
  private static final int RETRIES = 2;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  private KubernetesClients() {}

  public static KubernetesClient connect(
      Config kubernetes, Leadership leadership, ServerContact contact) {
    // By default the client retries every call up to ten times, even a create. Our own backoff must
    // decide about retries.
    kubernetes.setRequestRetryBackoffLimit(RETRIES);
    kubernetes.setRequestTimeout((int) CALL_TIMEOUT.toMillis());
    ApiServerProxy.adapt(kubernetes);
    HttpClient.Builder http =
        new ApiServerHttpClientFactory(kubernetes.getTlsVersions())
            .newBuilder(kubernetes)
            // This interceptor logs every body, with tokens and logins, if its logger is at TRACE.
            .addOrReplaceInterceptor("HttpLogging", null)
            .addOrReplaceInterceptor("Contact", contact)
            .addOrReplaceInterceptor("Fence", new FencingInterceptor(leadership));
    return new KubernetesClientImpl(BoundedLists.of(http), kubernetes, null, serialization());
  }

  /**
   * Whether the API server responds to a new connection, for which the CA file is read again.
   *
   * @param namespaces the namespaces to watch; empty: the whole cluster
   */
  public static boolean answersOnNewConnection(
      Config kubernetes, Set<String> namespaces, TimeSource time) {
    Config fresh = new ConfigBuilder(kubernetes).build();
    String namespace = namespaces.stream().findFirst().orElse(Constants.WATCH_ALL_NAMESPACES);
    ServerContact contact = new ServerContact(time);
    try (KubernetesClient client = connect(fresh, new Leadership.Alone(), contact)) {
      // An HTTP error is a response, too.
      return new NamespaceProbe(new MetadataReader(client)).ask(namespace).code() > 0;
    }
  }

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  /**
   * How objects are read. Managed fields are dropped: they would need most of the memory of a
   * cached credential, and the API server keeps them when an update does not contain them. Each
   * object is read as the class that it was asked for, so the class path is not searched for other
   * kinds.
   */
  public static KubernetesSerialization serialization() {
    ObjectMapper mapper = new ObjectMapper(ClusterJson.factory());
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
    // A watch that failed is told so by an event with a Status, which is read by its kind.
    serialization.registerKubernetesResource(Status.class);
    return serialization;
  }
}
