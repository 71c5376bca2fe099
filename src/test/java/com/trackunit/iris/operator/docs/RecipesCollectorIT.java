package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.docs.StandInIris.Call;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The collector's extension with the configuration of the page, while its token changes. */
@Tag("recipes")
class RecipesCollectorIT {
  @TempDir Path folder;

  @Test
  void noCallIsRefusedWhenTheFileChanges() throws IOException {
    MountedSecret mount = new MountedSecret(Files.createDirectory(folder.resolve("iris")));
    mount.showToken("token-0");
    Process collector = start(mount.folder());
    try (StandInIris iris = StandInIris.start();
        BufferedWriter urls = collector.outputWriter();
        BufferedReader statuses = collector.inputReader()) {
      iris.accept("token-0");
      await().until(() -> call(urls, statuses, iris), "200"::equals); // it reads when it has begun
      int begun = iris.calls().size();
      for (int change = 1; change <= 3; change++) {
        String fresh = "token-" + change;
        iris.accept("token-" + (change - 1), fresh);
        mount.showToken(fresh);
        await().until(() -> call(urls, statuses, iris).equals("200") && iris.wasCalledWith(fresh));
        iris.accept(fresh);
        assertThat(call(urls, statuses, iris)).isEqualTo("200");
      }
      assertThat(iris.calls().stream().skip(begun).map(Call::status)).containsOnly(200);
    }
  }

  private static String call(BufferedWriter urls, BufferedReader statuses, StandInIris iris)
      throws IOException {
    urls.write(iris.url() + "/api/asset/v1/assets?size=1\n");
    urls.flush();
    String status = statuses.readLine();
    assertThat(status).as("the program ended").isNotNull();
    return status;
  }

  /** It ends when its standard input does, so with this JVM at the latest. */
  private Process start(Path mounted) throws IOException {
    String manifest = RecipesPages.page("opentelemetry.md").block("yaml").text();
    ConfigMap map =
        Serialization.unmarshal(manifest.substring(0, manifest.indexOf("---")), ConfigMap.class);
    Path configuration =
        Files.writeString(
            folder.resolve("config.yaml"),
            map.getData().get("config.yaml").replace("/var/run/iris", mounted.toString()));
    List<String> command =
        List.of(RecipesTools.path("collector").toString(), configuration.toString());
    return new ProcessBuilder(command).redirectError(folder.resolve("log").toFile()).start();
  }
}
