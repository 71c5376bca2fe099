package com.trackunit.iris.operator.support;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node whose kubelet hands out logs, as {@code kubectl logs} asks for them by way of the API
 * server. Runs no container.
 */
public final class KubeletLogs implements AutoCloseable {
  private static final String PATH = "/containerLogs/";

  private final KubernetesClient client;
  private final HttpServer kubelet;
  private final String node;
  private final Map<String, String> logs = new ConcurrentHashMap<>();

  public KubeletLogs(KubernetesClient client, String node)
      throws IOException, GeneralSecurityException {
    this.client = client;
    this.node = node;
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(TestCertificates.ours().of(TestCertificates.Holder.GOOD)));
    server.createContext(
        PATH,
        exchange -> {
          String asked = exchange.getRequestURI().getPath().substring(PATH.length());
          byte[] log = logs.getOrDefault(asked, "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, log.length == 0 ? -1 : log.length);
          exchange.getResponseBody().write(log);
          exchange.close();
        });
    server.start();
    kubelet = server;
    register();
  }

  private void register() {
    var made =
        client
            .resource(new NodeBuilder().withNewMetadata().withName(node).endMetadata().build())
            .create();
    client
        .resource(made)
        .editStatus(
            known ->
                new NodeBuilder(known)
                    .editOrNewStatus()
                    .addNewAddress("127.0.0.1", "InternalIP")
                    .withNewDaemonEndpoints()
                    .withNewKubeletEndpoint(kubelet.getAddress().getPort())
                    .endDaemonEndpoints()
                    .endStatus()
                    .build());
  }

  /** A pod of this node with one container, and what that has logged. */
  public void pod(
      String namespace, String name, Map<String, String> labels, String container, String log) {
    logs.put(namespace + "/" + name + "/" + container, log);
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName(container)
                .withImage("none")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  @Override
  public void close() {
    client.nodes().withName(node).delete();
    kubelet.stop(0);
  }
}
