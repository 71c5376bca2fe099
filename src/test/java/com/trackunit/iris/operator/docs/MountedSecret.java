package com.trackunit.iris.operator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mounted Secret as kubelet writes it: the files lie in a hidden folder, a link to that folder is
 * exchanged in one step, and the folder before it is removed. Unlike kubelet it is never late.
 */
final class MountedSecret {
  private static final Path LINK = Path.of("..data");

  private final Path folder;
  private int versions;

  MountedSecret(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Shows from now on what this Secret holds, until the informer is closed. */
  SharedIndexInformer<Secret> follow(KubernetesClient client, String namespace, String name) {
    return client.secrets().inNamespace(namespace).withName(name).inform(new Shown());
  }

  private final class Shown implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      Map<String, String> files = new HashMap<>();
      secret.getData().forEach((key, value) -> files.put(key, decoded(value)));
      show(files);
    }

    @Override
    public void onUpdate(Secret before, Secret now) {
      onAdd(now);
    }

    @Override
    public void onDelete(Secret secret, boolean unseen) {}
  }

  private static String decoded(String value) {
    return new String(Base64.getDecoder().decode(value), UTF_8);
  }

  /** The keys that hold this token. */
  void showToken(String token) {
    show(Map.of("authorization", "Bearer " + token, "access_token", token));
  }

  /** Replaces all files, by their paths, in one step. */
  synchronized void show(Map<String, String> files) {
    try {
      Path version = Path.of("..version-" + ++versions);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path written = folder.resolve(version).resolve(file.getKey());
        Files.createDirectories(written.getParent());
        Files.writeString(written, file.getValue());
        link(Path.of(file.getKey()).getName(0));
      }
      exchange(version);
      removeAllBut(version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void link(Path name) throws IOException {
    if (!Files.isSymbolicLink(folder.resolve(name))) {
      Files.createSymbolicLink(folder.resolve(name), LINK.resolve(name));
    }
  }

  private void exchange(Path version) throws IOException {
    Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), version);
    Files.move(next, folder.resolve(LINK), StandardCopyOption.ATOMIC_MOVE);
  }

  private void removeAllBut(Path version) throws IOException {
    try (Stream<Path> versionFolders = Files.list(folder)) {
      for (Path old : versionFolders.filter(Files::isDirectory).toList()) {
        if (!Files.isSymbolicLink(old) && !old.endsWith(version)) {
          remove(old);
        }
      }
    }
  }

  private static void remove(Path old) throws IOException {
    try (Stream<Path> files = Files.walk(old)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
