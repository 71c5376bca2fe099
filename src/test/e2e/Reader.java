import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A pod that reads its mounted token every second, calls the API with it, and counts the answers.
 */
final class Reader {
  private static final Path HEADER = Path.of("/var/run/iris/authorization");

  private Reader() {}

  public static void main(String[] arguments) throws InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    URI api = URI.create(arguments[0]);
    int[] answers = new int[3];
    while (true) {
      Instant next = Instant.now().plusSeconds(1);
      int answer = call(client, api);
      answers[answer]++;
      if (answer != 0 || answers[0] % 60 == 0) {
        System.out.printf(
            "%s accepted=%d refused=%d failed=%d%n",
            Instant.now(), answers[0], answers[1], answers[2]);
      }
      Thread.sleep(Duration.between(Instant.now(), next)); // a negative one is none
    }
  }

  /** 0: accepted, 1: refused, 2: the file or the API could not be reached. */
  private static int call(HttpClient client, URI api) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(api)
              .timeout(Duration.ofSeconds(5))
              .header("Authorization", Files.readString(HEADER))
              .build();
      int code = client.send(request, BodyHandlers.discarding()).statusCode();
      return code == 200 ? 0 : 1;
    } catch (IOException e) {
      System.out.println(e);
      return 2;
    }
  }
}
