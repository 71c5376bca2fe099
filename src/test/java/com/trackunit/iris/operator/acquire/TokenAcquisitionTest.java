package com.trackunit.iris.operator.acquire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.Attempt;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.LoginReader;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.status.Reason;
import com.trackunit.iris.operator.support.Specs;
import com.trackunit.iris.operator.time.ClockReading;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One acquisition, from the gate to what the answer means; no cluster, no server. */
class TokenAcquisitionTest {
  private static final String URL = "https://auth.example.com/token";
  private static final TokenResponse REFUSED =
      new TokenResponse.Refused(TokenError.CREDENTIALS_REJECTED, "invalid_grant", Optional.empty());

  private final RequestGate gate = new RequestGate(new RateLimits(100, 8));
  private final List<String> sent = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final List<IrisCredentialStatus> recorded = new ArrayList<>();
  private final CredentialMemory memory = new CredentialMemory("one");
  private final TokenAcquisition acquisition = acquisition(gate);

  private Instant now = Instant.parse("2026-11-02T08:00:00Z");
  private TokenResponse answer = granted(null);
  private SecretStore.Read login = new SecretStore.Read.Found(login("1", "password"));
  private boolean leads = true;
  private @Nullable RuntimeException unrecordable;
  private @Nullable RuntimeException unexpected;

  private TokenAcquisition acquisition(RequestGate limits) {
    return new TokenAcquisition(
        new TokenEndpoints(Map.of(GrantType.PASSWORD, endpoint(limits)), Optional.empty()),
        new OneSecret(),
        new LoginReader(false),
        (request, answer, took) -> labels.add(request.label()),
        (spec, status) -> record(status),
        () -> leads,
        () -> now);
  }

  private GatedEndpoint endpoint(RequestGate limits) {
    return new GatedEndpoint(
        GrantType.PASSWORD.label(),
        URI.create(URL),
        (grant, repetitions) -> {
          sent.add(grant.type());
          if (unexpected != null) {
            throw unexpected;
          }
          return answer;
        },
        () -> {},
        limits,
        () -> new ClockReading(now, now));
  }

  @Test
  void sendsTheLoginAndReturnsTheToken() {
    CredentialContext context = context("one", memory, null);

    AcquisitionResult result = acquire(context);

    assertThat(sent).containsExactly("password");
    assertThat(result).isInstanceOf(AcquisitionResult.InHand.class);
    assertThat(memory.lastRequest()).isEqualTo(now);
    assertThat(context.seen().lastRequest()).isEqualTo(now);
    assertThat(recorded).as("a login that was never refused needs no record").isEmpty();
  }

  static Stream<Arguments> secrets() {
    return Stream.of(
        Arguments.argumentSet(
            "it is missing", new SecretStore.Read.Missing(), Reason.CREDENTIALS_SECRET_NOT_FOUND),
        Arguments.argumentSet(
            "it has no password",
            new SecretStore.Read.Found(login("1", "")),
            Reason.CREDENTIALS_SECRET_INVALID),
        Arguments.argumentSet(
            "it cannot be read",
            new SecretStore.Read.Failed(RetryClass.KUBERNETES, 500),
            Reason.KUBERNETES_WRITE_FAILED));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void givesTheTurnBackWhenTheSecretHoldsNoLogin(SecretStore.Read read, Reason reason) {
    RequestGate single = new RequestGate(new RateLimits(100, 1));
    login = read;

    AcquisitionResult result = acquisition(single).begin(context("one", memory, null), cause());

    assertThat(failure(result).reason()).isEqualTo(reason);
    assertThat(single.turn("another", "team", null, new ClockReading(now, now)))
        .isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void holdsARefusedLoginBack() {
    answer = REFUSED;
    Outcome.Failed refused = failure(acquire(context("one", memory, null)));

    Outcome.Failed heldBack = failure(acquire(context("two", new CredentialMemory("two"), null)));

    assertThat(refused.reason()).isEqualTo(Reason.CREDENTIALS_REJECTED);
    assertThat(refused.rejections().count()).isOne();
    assertThat(heldBack.reason()).isEqualTo(Reason.CREDENTIALS_REJECTED);
    assertThat(heldBack.retryAfter()).isPositive();
    assertThat(sent).hasSize(1);
  }

  @Test
  void recordsARetryOfARefusedLoginBeforeItIsSent() {
    RetryState refused = refusedOnce();
    now = refused.nextAttempt();

    AcquisitionResult begun = acquisition.begin(context("one", memory, refused), cause());

    assertThat(begun).isInstanceOf(AcquisitionResult.Asking.class);
    assertThat(sent).as("only the first try").hasSize(1);
    assertThat(recorded).singleElement();
    assertThat(recorded.getFirst().failures().count()).isEqualTo(2);
  }

  @Test
  void sendsNoRetryThatCannotBeRecorded() {
    RetryState refused = refusedOnce();
    now = refused.nextAttempt();
    unrecordable = new KubernetesClientException("no", 500, null);

    Outcome.Failed failed = failure(acquire(context("one", memory, refused)));

    assertThat(failed.reason()).isEqualTo(Reason.KUBERNETES_WRITE_FAILED);
    assertThat(sent).hasSize(1);
    unrecordable = null;
    now = now.plus(Duration.ofDays(1));
    assertThat(acquisition.begin(context("one", memory, refused), cause()))
        .as("its turn was given back")
        .isInstanceOf(AcquisitionResult.Asking.class);
  }

  @Test
  void releasesTheLoginAfterAMistakeOfThisProgram() {
    RetryState refused = refusedOnce();
    now = refused.nextAttempt();
    unrecordable = new IllegalStateException("a mistake");
    assertThatThrownBy(() -> acquisition.begin(context("one", memory, refused), cause()))
        .isSameAs(unrecordable);

    unrecordable = null;
    now = now.plus(Duration.ofDays(1));

    assertThat(acquisition.begin(context("one", memory, refused), cause()))
        .isInstanceOf(AcquisitionResult.Asking.class);
  }

  @Test
  void sendsNothingWhenAnotherReplicaLeadsMeanwhile() {
    AcquisitionResult begun = acquisition.begin(context("one", memory, null), cause());
    leads = false;

    AcquisitionResult result = acquisition.send((AcquisitionResult.Asking) begun);

    assertThat(sent).isEmpty();
    assertThat(failure(result).sentence()).contains("does not lead any more");
    leads = true;
    assertThat(acquire(context("two", new CredentialMemory("two"), null)))
        .as("the turn and the login are free")
        .isInstanceOf(AcquisitionResult.InHand.class);
  }

  @Test
  void waitsForTheRequestOfAnotherCredentialWithThisLogin() {
    acquisition.begin(context("one", memory, null), cause());
    now = now.plusSeconds(5);

    AcquisitionResult result =
        acquisition.begin(context("two", new CredentialMemory("two"), null), cause());

    assertThat(obstacle(result)).isEqualTo(WaitReason.SAME_LOGIN);
  }

  @Test
  void isSentAlthoughTheServerRefusesEveryOtherLogin() {
    for (String other : List.of("a", "b", "c")) {
      now = now.plusSeconds(1);
      gate.turn(other, "team", null, new ClockReading(now, now));
      gate.admit(accepted(other), new ClockReading(now, now));
      gate.refused(other, new ClockReading(now, now));
    }
    assertThat(gate.isOpen()).isTrue();

    AcquisitionResult result = acquisition.begin(context("one", memory, null), cause());

    assertThat(result).isInstanceOf(AcquisitionResult.Asking.class);
  }

  private static Attempt accepted(String uid) {
    return new Attempt(
        uid, "team", uid, "password", "secret/1", "request", null, false, true, null, null, false);
  }

  @Test
  void tellsNoVerdictOfALoginThatWasNeverAccepted() {
    answer =
        new TokenResponse.Refused(
            TokenError.ENDPOINT_UNAVAILABLE,
            "no answer in 15 s",
            Optional.empty(),
            TokenResponse.Delivery.NO_VERDICT);

    Outcome.Failed failed = failure(acquire(context("one", memory, null)));

    assertThat(failed.kind()).isEqualTo(RetryClass.NO_VERDICT);
    assertThat(failed.reason()).isEqualTo(Reason.ENDPOINT_UNAVAILABLE);
    assertThat(failed.rejections().tries()).hasSize(1);
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void anotherCredentialOfALoginThatFailsWaits() {
    answer =
        new TokenResponse.Refused(
            TokenError.RATE_LIMITED, "HTTP 429", Optional.of(Duration.ofMinutes(5)));
    Outcome.Failed failed = failure(acquire(context("one", memory, null)));
    now = now.plusSeconds(5);

    AcquisitionResult other =
        acquisition.begin(context("two", new CredentialMemory("two"), null), cause());

    assertThat(failed.inARow()).isOne();
    assertThat(obstacle(other)).isEqualTo(WaitReason.LOGIN_FAILS);
    assertThat(((AcquisitionResult.Later) other).at()).isAfter(now.plus(Duration.ofMinutes(4)));
  }

  @Test
  void givesTheTurnBackAfterAMistakeInTheExchange() {
    unexpected = new IllegalStateException("a mistake");
    assertThatThrownBy(() -> acquire(context("one", memory, null))).isSameAs(unexpected);
    unexpected = null;

    assertThat(acquire(context("two", new CredentialMemory("two"), null)))
        .as("the login is not taken")
        .isInstanceOf(AcquisitionResult.InHand.class);
  }

  @Test
  void showsNoLogin() {
    AcquisitionResult begun = acquisition.begin(context("one", memory, null), cause());
    assertThat(begun.toString()).contains("PendingRequest").doesNotContain("hush", "someone");
  }

  @Test
  void usesARefreshTokenOnceAndThenTheLogin() {
    answer = granted("refresh");
    acquire(context("one", memory, null));
    answer = REFUSED;

    AcquisitionResult afterIt = acquire(context("one", memory, null));

    assertThat(sent).containsExactly("password", "refresh_token");
    assertThat(labels).isEqualTo(sent);
    assertThat(afterIt)
        .as("the login, in a turn of its own")
        .isInstanceOf(AcquisitionResult.Asking.class);
    assertThat(memory.takeRefresh()).isEmpty();
  }

  @Test
  void usesNoRefreshTokenAnyMoreAfterTwoWereRefusedInARow() {
    answer = granted("refresh");
    acquire(context("one", memory, null));
    for (int renewal = 0; renewal < 2; renewal++) {
      answer = REFUSED;
      AcquisitionResult theLogin = acquire(context("one", memory, null));
      answer = granted("refresh");
      acquisition.send((AcquisitionResult.Asking) theLogin);
    }

    acquire(context("one", memory, null));

    assertThat(sent)
        .containsExactly(
            "password", "refresh_token", "password", "refresh_token", "password", "password");
  }

  @Test
  void asksWithTheLoginInTheSameStepWhenASessionEnds() {
    answer = granted("refresh", 60);
    acquire(context("one", memory, null));
    now = now.plusSeconds(25);
    answer = granted("refresh of the session that ends", 30);

    AcquisitionResult afterIt = acquire(holding(60));

    assertThat(sent).containsExactly("password", "refresh_token");
    assertThat(afterIt).isInstanceOf(AcquisitionResult.Asking.class);
    answer = granted("refresh of another session", 60);
    assertThat(acquisition.send((AcquisitionResult.Asking) afterIt))
        .isInstanceOf(AcquisitionResult.InHand.class);
    assertThat(sent).containsExactly("password", "refresh_token", "password");
  }

  @Test
  void keepsRefreshingWhileTheSessionLasts() {
    answer = granted("refresh", 60);
    acquire(context("one", memory, null));
    for (int renewal = 0; renewal < 5; renewal++) {
      now = now.plusSeconds(25);
      assertThat(acquire(holding(60))).isInstanceOf(AcquisitionResult.InHand.class);
    }

    assertThat(sent).filteredOn("refresh_token"::equals).hasSize(5);
  }

  @Test
  void usesNoRefreshTokenOfAnotherLogin() {
    answer = granted("refresh");
    acquire(context("one", memory, null));
    login = new SecretStore.Read.Found(login("2", "another password"));

    acquire(context("one", memory, null));

    assertThat(sent).containsExactly("password", "password");
  }

  @Test
  void usesNoRefreshTokenOfAnotherSpec() {
    answer = granted("refresh");
    acquire(context("one", memory, null));

    acquire(context(credential("one", List.of("api", "fleet")), memory, null));

    assertThat(sent).containsExactly("password", "password");
  }

  private RetryState refusedOnce() {
    answer = REFUSED;
    LoginRejections once = failure(acquire(context("one", memory, null))).rejections();
    return RetryState.during(once, Reason.CREDENTIALS_REJECTED.text(), "request", "secret/1");
  }

  private AcquisitionResult acquire(CredentialContext context) {
    // The gate begins slowly.
    now = now.plusSeconds(5);
    AcquisitionResult begun = acquisition.begin(context, cause());
    return begun instanceof AcquisitionResult.Asking request ? acquisition.send(request) : begun;
  }

  private void record(IrisCredentialStatus status) {
    if (unrecordable != null) {
      throw unrecordable;
    }
    recorded.add(status);
  }

  private static RenewalCause cause() {
    return RenewalCause.FIRST;
  }

  private static Outcome.Failed failure(AcquisitionResult result) {
    return ((AcquisitionResult.Failed) result).outcome();
  }

  private static WaitReason obstacle(AcquisitionResult result) {
    return ((Outcome.AwaitingSlot) ((AcquisitionResult.Later) result).outcome()).obstacle();
  }

  private CredentialContext context(
      String uid, CredentialMemory remembered, @Nullable RetryState failure) {
    return context(credential(uid, List.of("api")), remembered, failure);
  }

  /**
   * A step of a credential whose token was issued half a life ago, less the five seconds to come.
   */
  private CredentialContext holding(long life) {
    CredentialContext context = context("one", memory, null);
    Lifetime lifetime = Lifetime.of(now.minusSeconds(25), Duration.ofSeconds(life));
    context.recordTarget(
        new TargetState.Held(
            new StoredToken(
                lifetime, now, "api", context.seen().specHash(), "hash", "secret/1", null),
            false,
            false));
    return context;
  }

  private CredentialContext context(
      IrisCredential credential, CredentialMemory remembered, @Nullable RetryState failure) {
    EffectiveSpec spec = EffectiveSpec.of(credential);
    Observation seen =
        new Observation(
            now,
            spec.specHash(),
            "request",
            new TargetState.Absent(),
            failure,
            null,
            null,
            null,
            UserRequest.NONE);
    return new CredentialContext(spec, IrisCredentialStatus.NONE, remembered, seen, null);
  }

  private static IrisCredential credential(String uid, List<String> scopes) {
    return Specs.credential("integrations", "fleet", uid, "scopes: " + scopes);
  }

  private static TokenResponse granted(@Nullable String refresh) {
    return granted(refresh, 3600);
  }

  private static TokenResponse granted(@Nullable String refresh, long life) {
    return new TokenResponse.Granted(
        new IssuedToken(
            "token",
            Duration.ofSeconds(life),
            Optional.empty(),
            false,
            Optional.ofNullable(refresh)));
  }

  private static Secret login(String version, String password) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("integrations")
        .withName("login")
        .withUid("secret")
        .withResourceVersion(version)
        .endMetadata()
        .addToData("client_id", encoded("app"))
        .addToData("client_secret", encoded("hush"))
        .addToData("username", encoded("someone"))
        .addToData("password", encoded(password))
        .build();
  }

  private static String encoded(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The credentials Secret, and no other. */
  private final class OneSecret implements SecretStore {
    @Override
    public Read read(String namespace, String name) {
      return login;
    }

    @Override
    public Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen) {
      throw new IllegalStateException("nothing is written");
    }

    @Override
    public Rewrite rewrite(DesiredSecret content, Secret seen) {
      throw new IllegalStateException("nothing is written");
    }

    @Override
    public Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen) {
      throw new IllegalStateException("nothing is written");
    }
  }
}
