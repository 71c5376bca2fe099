package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.StoredToken;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One credential: what the cluster keeps of it, its request under way, and its pod. */
final class SimulatedCredential {
  final int number;
  private final int perLogin;
  final EffectiveSpec spec;
  final PodReader reader;
  final Instant created;
  // Whether its credentials Secret is labelled, and watched.
  final boolean labelled;
  // In the cluster.
  final IrisCredential credential = new IrisCredential();
  @Nullable StoredToken stored;
  int loginVersion = 1;
  long validUntil;
  // Whether a try was recorded and not sent yet.
  boolean recorded;
  long asked;
  long wakesAt;
  @Nullable InFlight inFlight;

  /**
   * A request that is not answered yet, and the step that waits for its answer.
   *
   * @param recorded whether the try was recorded before it was sent
   */
  record InFlight(
      CredentialContext context,
      AcquisitionResult.Asking request,
      long time,
      boolean recorded,
      Server.Reply reply) {}

  SimulatedCredential(int number, Scenario scenario, Instant created, SplittableRandom random) {
    this.number = number;
    this.perLogin = scenario.perLogin();
    this.created = created;
    String uid = new UUID(random.nextLong(), scenario.seed() + number).toString();
    labelled = !scenario.isTroubled(login()) || login() % 2 == 0;
    credential
        .getMetadata()
        .setNamespace(scenario.isRecreated(login()) ? "other-team" : Cluster.NAMESPACE);
    credential.getMetadata().setName("c" + number);
    credential.getMetadata().setUid(uid);
    credential.getMetadata().setGeneration(1L);
    credential.getMetadata().setCreationTimestamp(created.toString());
    credential.setSpec(scenario.spec(Cluster.loginSecret(login())));
    spec = EffectiveSpec.of(credential);
    reader = new PodReader(random.split());
  }

  int login() {
    return number / perLogin;
  }

  /** When its answer arrives; negative when it asked for nothing. */
  long answeredAt() {
    return inFlight == null ? -1 : inFlight.reply().at();
  }

  /** The request whose refusal is under way, if nothing was recorded before it. */
  Optional<InFlight> unrecordedRefusal() {
    return Optional.ofNullable(inFlight)
        .filter(asked -> !asked.recorded())
        .filter(
            asked ->
                asked.reply().answer() instanceof TokenResponse.Refused refused
                    && refused.refusal() == TokenError.CREDENTIALS_REJECTED);
  }
}
