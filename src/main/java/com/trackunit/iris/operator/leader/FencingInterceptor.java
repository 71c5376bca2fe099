package com.trackunit.iris.operator.leader;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/** Rejects every write to the cluster by a replica that is not the leader. */
public record FencingInterceptor(Leadership leadership) implements Interceptor {
  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (!"GET".equals(request.method()) && !leadership.isHeld()) {
      throw new KubernetesClientException("This replica does not lead.");
    }
  }
}
