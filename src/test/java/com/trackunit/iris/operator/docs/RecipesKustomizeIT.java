package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import com.trackunit.iris.operator.docs.RecipesPages.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login that kustomize generates, with the files of the page. */
class RecipesKustomizeIT {
  private static final String GENERATED = "fleet-api-user-[a-z0-9]{10}";

  private final Page page = RecipesPages.page("kustomize.md");
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    List<Block> files = page.blocks().filter(block -> block.language().equals("yaml")).toList();
    assertThat(files).hasSize(3);
    for (Block file : files) {
      Files.writeString(folder.resolve(file.file()), file.text());
    }
  }

  @Test
  void theGeneratedNameIsFoundAndAChangedLoginBringsOneToken() throws IOException {
    try (RecipesCluster cluster = new RecipesCluster()) {
      apply(cluster, "first");
      cluster.awaitToken("fleet-sync-token", "token-1");
      String login = login(cluster);
      assertThat(login).matches(GENERATED);
      assertThat(cluster.secret(cluster.namespace(), login).orElseThrow().getMetadata().getLabels())
          .containsEntry("iris.trackunit.com/credentials", "true");

      cluster.passTheFloor();
      apply(cluster, "second");
      cluster.awaitToken("fleet-sync-token", "token-2");
      assertThat(login(cluster)).matches(GENERATED).isNotEqualTo(login);
      cluster.awaitPasswords("first", "second");
    }
  }

  private void apply(RecipesCluster cluster, String password) throws IOException {
    Files.writeString(
        folder.resolve("login.env"),
        "username=fleet\npassword=%s\nclient_id=app\nclient_secret=hush\n".formatted(password));
    cluster.type("cd " + folder + "\n" + page.block("sh").text());
  }

  private static String login(RecipesCluster cluster) {
    return cluster.credential("fleet-sync").getSpec().credentialsSecretRef().name();
  }
}
