package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.LOGIN;
import static com.trackunit.iris.operator.oauth.Exchanges.unsent;
import static com.trackunit.iris.operator.oauth.Exchanges.withoutVerdict;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenClientTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  @Test
  void asksAgainOnceTheServerIsBack() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        TokenClient endpoint =
            new TokenClient(server.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      assertThat(tokenOf(endpoint.ask(LOGIN))).isEqualTo("token-1");
      server.goDown();
      assertThat(endpoint.ask(LOGIN)).isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "connection refused"));
      server.comeUp();
      assertThat(tokenOf(endpoint.ask(LOGIN))).isEqualTo("token-2");
      assertThat(server.questions())
          .hasSize(2)
          .allMatch(asked -> asked.field("username").orElseThrow().equals("mark-user"));
    }
  }

  @Test
  void answersEveryoneWithTheirOwnToken() throws Exception {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        TokenClient endpoint =
            new TokenClient(server.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE);
        ExecutorService askers = Executors.newFixedThreadPool(8)) {
      server.answer(
          asked ->
              Answer.json(
                  200, "{\"access_token\":\"" + asked.field("username").orElseThrow() + "\"}"));
      List<Callable<Boolean>> questions =
          IntStream.range(0, 100).mapToObj(i -> asks(endpoint, "user-" + i)).toList();
      for (Future<Boolean> isTheirs : askers.invokeAll(questions)) {
        assertThat(isTheirs.get()).isTrue();
      }
    }
  }

  private static Callable<Boolean> asks(TokenClient endpoint, String user) {
    Grant grant = Grant.password("id", "secret", user, "password", List.of());
    return () -> tokenOf(endpoint.ask(grant)).equals(user);
  }

  @Test
  void givesUpWhenInterrupted() throws Exception {
    try (RawServer server = RawServer.plain(Conversation::stall);
        TokenClient endpoint =
            new TokenClient(server.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      CompletableFuture<TokenResponse> answer = new CompletableFuture<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread asker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    answer.complete(endpoint.ask(LOGIN));
                    flag.complete(Thread.currentThread().isInterrupted());
                  });
      await().until(() -> hasHeardALogin(server));
      asker.interrupt();

      assertThat(answer.get()).isEqualTo(withoutVerdict("the request was interrupted"));
      assertThat(flag.get()).isTrue();
      await().until(() -> server.conversations().getFirst().clientHungUp());
    }
  }

  @Test
  void breaksOffWhatIsUnderWayWhenClosed() throws Exception {
    try (RawServer server = RawServer.plain(Conversation::stall);
        ExecutorService asker = Executors.newSingleThreadExecutor()) {
      TokenClient endpoint =
          new TokenClient(server.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE);
      Future<TokenResponse> answer = asker.submit(() -> endpoint.ask(LOGIN));
      await().until(() -> hasHeardALogin(server));
      endpoint.close();

      assertThat(answer.get()).isEqualTo(withoutVerdict("the operator is stopping"));
      assertThat(endpoint.ask(LOGIN))
          .isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "the operator is stopping"));
    }
  }

  @Test
  void leavesNoThreadAndNoSocketBehind() throws IOException {
    Set<Thread> others = Thread.getAllStackTraces().keySet();
    RawServer.Script resets = Conversation::reset;
    RawServer.Script stalls = Conversation::stall;
    try (RawServer resetting = RawServer.plain(resets);
        RawServer stalling = RawServer.plain(stalls);
        TokenClient broken =
            new TokenClient(resetting.url(), LONG, TrustStore::ofTheJvm, HttpsProxy.NONE);
        TokenClient late =
            new TokenClient(
                stalling.url(), Duration.ofMillis(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      for (int i = 0; i < 100; i++) {
        assertThat(broken.ask(LOGIN)).isInstanceOf(TokenResponse.Refused.class);
        assertThat(late.ask(LOGIN)).isInstanceOf(TokenResponse.Refused.class);
      }
      await().until(() -> stalling.conversations().stream().allMatch(Conversation::clientHungUp));
      await().untilAsserted(() -> assertThat(threads("HttpClient", others)).isEmpty());
      assertThat(threads("token-exchange", others)).hasSizeLessThan(20);
    }
    await().untilAsserted(() -> assertThat(threads("token-exchange", others)).isEmpty());
  }

  private static boolean hasHeardALogin(RawServer server) {
    return server.conversations().stream().anyMatch(it -> it.heard().contains("mark-password"));
  }

  /**
   * The names of the threads that are called so and were not there before: the process is shared.
   */
  private static List<String> threads(String name, Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(thread -> thread.contains(name))
        .toList();
  }

  private static String tokenOf(TokenResponse answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).token().accessToken();
  }
}
