package com.trackunit.iris.operator.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** The shipped jar as a process of its own. */
public final class OperatorProcess implements AutoCloseable {
  private static final Path JAR =
      Path.of(System.getProperty("jar", "target/iris-credential-operator.jar"));

  private static final String OPTIONS =
      "@" + System.getProperty("options", "src/main/image/java.options");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration TRAINING = Duration.ofMinutes(5);
  private static final Duration READY = Duration.ofMinutes(2);

  private final Process process;
  private final Path log;
  private final int port;

  private OperatorProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts the jar with these variables, and with the options and the cache of loaded classes that
   * the image has; what it prints goes to a file.
   */
  public static OperatorProcess start(Map<String, String> variables) {
    return start(variables, List.of(OPTIONS, "-XX:AOTCache=" + Cache.CLASSES));
  }

  /** The jar alone, as outside a cluster. */
  public static OperatorProcess startPlain(Map<String, String> variables) {
    return start(variables, List.of());
  }

  /**
   * The same as {@link #start(Map)} with the memory of the image's container; the system property
   * {@code memory} overrides that, in bytes.
   */
  public static OperatorProcess startAsInTheImage(Map<String, String> variables) {
    return start(
        variables, List.of(OPTIONS, "-XX:AOTCache=" + Cache.CLASSES, "-XX:MaxRAM=" + memory()));
  }

  private static long memory() {
    String given = System.getProperty("memory");
    return given == null ? ShippedManifests.memoryLimit() : Long.parseLong(given);
  }

  /** The classes of the jar, in a process that knows these addresses of a name. */
  public static OperatorProcess startKnowing(
      String host, List<String> addresses, Map<String, String> variables) {
    return run(
        variables,
        List.of(
            java(),
            "-D%s=%s=%s".formatted(StaticAddresses.PROPERTY, host, String.join(",", addresses)),
            "-cp",
            "target/test-classes:" + JAR,
            "com.trackunit.iris.operator.Main"));
  }

  /** Starts the jar with the flags of the image and so much heap. */
  public static OperatorProcess startWithHeap(Map<String, String> variables, String heap) {
    return start(variables, List.of(OPTIONS, "-Xmx" + heap));
  }

  /** Made by the first start that needs it, of any JVM, as the image makes its own. */
  private static final class Cache {
    static final Path CLASSES = TestForks.oneByOne("classes", Cache::make);

    private static Path make() {
      try {
        Path file =
            Path.of(
                "target", "classes-%d.aot".formatted(Files.getLastModifiedTime(JAR).toMillis()));
        if (!Files.exists(file)) {
          Path trained = Files.createTempFile(Path.of("target"), "classes", ".aot");
          train(trained);
          Files.move(trained, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void train(Path file) throws IOException {
      List<String> training = List.of(java(), "src/main/image/Training.java");
      List<String> trained = command(List.of(OPTIONS, "-XX:AOTCacheOutput=" + file));
      Path log = Files.createTempFile(Path.of("target"), "training", ".log");
      Process process =
          new ProcessBuilder(Stream.of(training, trained).flatMap(List::stream).toList())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        boolean ended = process.waitFor(TRAINING.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended || process.exitValue() != 0) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new IllegalStateException("no training: " + Files.readString(log));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static OperatorProcess start(Map<String, String> variables, List<String> options) {
    return run(variables, command(options));
  }

  private static OperatorProcess run(Map<String, String> variables, List<String> command) {
    try {
      int port = FreePorts.next();
      Path log = Files.createTempFile(Path.of("target"), "operator", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      Map<String, String> environment = new HashMap<>(variables);
      environment.putIfAbsent("IRIS_PORT", String.valueOf(port));
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("IRIS_") || name.equals("KUBECONFIG"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      // A test that fails before it closes this one leaves none behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new OperatorProcess(process, log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> options) {
    return Stream.of(List.of(java()), options, List.of("-jar", JAR.toString()))
        .flatMap(List::stream)
        .toList();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Makes the cache of the image beforehand, so that no start waits for it. */
  public static void train() {
    Objects.requireNonNull(Cache.CLASSES);
  }

  /** A figure of its memory, as {@code /proc} calls it. */
  public long mebibytes(String figure) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith(figure + ":"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow()
          / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processor time that it has used since its start. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Bytes of the heap that are still in use after a full garbage collection. */
  public long liveHeap() {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            pid(),
            "GC.class_histogram");
    try {
      Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
      return jcmd.inputReader()
          .lines()
          .filter(line -> line.startsWith("Total"))
          .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String pid() {
    return String.valueOf(process.pid());
  }

  /** All that was printed so far. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isReady() {
    return process.isAlive() && get("/readyz").startsWith("200 ");
  }

  /** Returns when it is ready; an error tells what it printed. */
  public OperatorProcess awaitReady() {
    try {
      await()
          .atMost(READY)
          .failFast("the process ended", () -> !process.isAlive())
          .until(this::isReady);
      return this;
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new AssertionError("It is not ready. It printed:\n" + printed(), e);
    }
  }

  /** The port that it was told to open. */
  public int port() {
    return port;
  }

  /** What it answers, as status and body; the reason when it does not. */
  public String get(String path) {
    return ask("GET", path, response -> response.statusCode() + " " + response.body());
  }

  /** How many bytes it answers when gzip is accepted. */
  public int gzippedSize(String path) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Accept-Encoding", "gzip")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray())
          .body()
          .length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it answers without a body, as status, length of the body of a GET, and body. */
  public String head(String path) {
    return ask(
        "HEAD",
        path,
        response ->
            response.statusCode()
                + " "
                + response.headers().firstValue("Content-Length").orElse("none")
                + " "
                + response.body());
  }

  private String ask(String method, String path, Function<HttpResponse<String>, String> shown) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return shown.apply(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return String.valueOf(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks the process to print its threads, as an administrator would. */
  public void printThreads() {
    send("QUIT");
  }

  /** Sends SIGSTOP: the process stands still and knows nothing of it. */
  public void pause() {
    send("STOP");
  }

  /** Sends SIGCONT. */
  public void resume() {
    send("CONT");
  }

  private void send(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, pid()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends SIGTERM, as kubelet does. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL: nothing of what is being done comes to an end. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Whether the process is gone within this time. */
  public boolean isGoneWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
