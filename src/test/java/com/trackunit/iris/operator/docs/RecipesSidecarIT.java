package com.trackunit.iris.operator.docs;

import static java.net.HttpURLConnection.HTTP_OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ChildProgram;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FreePorts;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tool that knows no token, behind Caddy, while the operator renews the token three times. */
@Tag("recipes")
class RecipesSidecarIT {
  private static final int RENEWALS = 3;

  private final RecipesCluster cluster = new RecipesCluster();
  private final List<Integer> answers = new CopyOnWriteArrayList<>();
  private final StandInIris iris = StandInIris.start();
  @TempDir Path folder;

  @Test
  void noCallIsRefusedThroughRenewals() throws IOException {
    MountedSecret mount = new MountedSecret(Files.createDirectory(folder.resolve("iris")));
    try (iris;
        cluster;
        var kubelet = mount.follow(cluster.client(), cluster.namespace(), "fleet-sync-token")) {
      assertThat(kubelet.isRunning()).isTrue();
      iris.accept("token-1");
      Docs.steps("## Use in a pod").limit(3).forEach(this::follow);
      await().until(() -> Files.exists(mount.folder().resolve("authorization")));
      callThroughRenewals(mount.folder());
    }
    assertThat(answers).hasSizeGreaterThan(10 * RENEWALS).containsOnly(HTTP_OK);
    assertThat(iris.calls()).hasSameSizeAs(answers);
    assertThat(iris.refused()).isZero();
  }

  private void callThroughRenewals(Path mounted) throws IOException {
    int port = FreePorts.next();
    ChildProgram caddy =
        ChildProgram.start(
            Path.of("/usr/bin/env"),
            folder,
            List.of(
                "XDG_DATA_HOME=/dev/null", // as with a root file system that is read-only
                RecipesTools.path("caddy").toString(),
                "run",
                "--config",
                caddyfile(port, mounted).toString()));
    try (ScheduledExecutorService tool = Executors.newSingleThreadScheduledExecutor();
        HttpClient http = HttpClient.newHttpClient()) {
      await().until(() -> listens(caddy, port));
      HttpRequest call =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/asset/v1/assets"))
              .header("Authorization", "Bearer of-the-tool")
              .build();
      tool.scheduleWithFixedDelay(() -> call(http, call), 0, 5, TimeUnit.MILLISECONDS);
      for (int renewal = 1; renewal <= RENEWALS; renewal++) {
        renew(renewal);
      }
      tool.shutdown();
    } finally {
      caddy.stop();
    }
  }

  /** The old token ends as soon as the new one was seen, which is the worst moment. */
  private void renew(int renewal) {
    String old = "token-" + renewal;
    String fresh = "token-" + (renewal + 1);
    await().until(() -> iris.wasCalledWith(old));
    iris.accept(old, fresh);
    cluster.passTheFloor();
    cluster.type(
        Docs.command("kubectl annotate --overwrite iriscred/fleet-sync")
            .replace("$(date -u +%FT%TZ)", fresh));
    await().until(() -> iris.wasCalledWith(fresh));
    iris.accept(fresh);
    int known = answers.size();
    await().until(() -> answers.size() > known + 10);
  }

  private void call(HttpClient http, HttpRequest call) {
    try {
      answers.add(http.send(call, BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      answers.add(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path caddyfile(int port, Path mounted) throws IOException {
    String manifest = RecipesPages.page("sidecar.md").block("yaml").text();
    String yaml = manifest.substring(0, manifest.indexOf("---"));
    ConfigMap proxy = Serialization.unmarshal(yaml, ConfigMap.class);
    return Files.writeString(
        folder.resolve("Caddyfile"),
        proxy
            .getData()
            .get("Caddyfile")
            .replace("127.0.0.1:8080", "127.0.0.1:" + port)
            .replace("https://iris.trackunit.com", iris.url())
            .replace("/var/run/iris", mounted.toString()));
  }

  private static boolean listens(ChildProgram caddy, int port) {
    caddy.requireAlive();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private void follow(Docs.Block step) {
    if (step.language().equals("sh")) {
      cluster.type(step.text());
    } else {
      cluster.apply(step.text());
    }
  }
}
