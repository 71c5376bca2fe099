package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * State of one credential that exists only in this process. Its loss costs at most one token
 * request.
 *
 * <p>Holds no login. Holds a token only between its grant and its write, and a refresh token until
 * it is used. The steps of one credential run one after the other, so access needs no lock.
 */
public final class CredentialMemory {
  private final String uid;
  // The server-check thread reads this field too.
  private volatile @Nullable InHand inHand;
  private @Nullable StoredToken seen;
  private @Nullable Refresh refresh;
  private @Nullable Instant lastRequest;
  private Outcome.@Nullable Waiting waiting;
  private @Nullable Repair repair;
  private @Nullable Instant missing;
  private @Nullable IrisCredentialStatus unsaved;
  private @Nullable Instant unsavedSince;
  private @Nullable CredentialsVersion login;

  CredentialMemory(String uid) {
    this.uid = uid;
  }

  /** A granted token that is not yet written to the target Secret. */
  public record InHand(StoredToken stored, String accessToken, Outcome.Issued outcome) {
    /** Omits the token, so that it cannot reach a log. */
    @Override
    public String toString() {
      return "InHand[" + stored.lifetime() + "]";
    }
  }

  /**
   * A refresh token. It is used only for a request with the spec and the login version that it was
   * granted to.
   */
  record Refresh(String token, String specHash, String loginVersion) {
    boolean isFor(String requestedSpec, String usedLogin) {
      return specHash.equals(requestedSpec) && loginVersion.equals(usedLogin);
    }

    /** Omits the token, so that it cannot reach a log. */
    @Override
    public String toString() {
      return "Refresh[withheld]";
    }
  }

  /** Content and time of the last repair of the target Secret. */
  private record Repair(String content, Instant at) {}

  String uid() {
    return uid;
  }

  /** The token whose write failed, null when there is none. An expired token is dropped. */
  public @Nullable InHand inHand(Instant now) {
    InHand held = inHand;
    if (held != null && held.stored().lifetime().isOver(now)) {
      inHand = null;
    }
    return inHand;
  }

  boolean holdsToken() {
    return inHand != null;
  }

  /** Keeps a token whose write failed. */
  public void keep(InHand token) {
    inHand = token;
  }

  /** Records that the token is now in the target Secret. */
  public void written(StoredToken token) {
    inHand = null;
    seen = token;
  }

  /**
   * Records that the watch shows this token in the target Secret. It need not be written any more,
   * even if the response to its write was lost.
   */
  public void found(StoredToken token) {
    InHand held = inHand;
    if (held != null && held.stored().tokenHash().equals(token.tokenHash())) {
      inHand = null;
    }
  }

  /** The token that was last seen intact in the target Secret, null when there was none. */
  public @Nullable StoredToken seen() {
    return seen;
  }

  /** Records that the target Secret held this token at the end of a step. */
  public void saw(StoredToken token) {
    seen = token;
  }

  boolean hasRefresh() {
    return refresh != null;
  }

  void granted(Refresh token) {
    refresh = token;
  }

  /** The refresh token for the next request, in place of the login. Returned only once. */
  Optional<Refresh> takeRefresh() {
    Optional<Refresh> taken = Optional.ofNullable(refresh);
    refresh = null;
    return taken;
  }

  /** When this process last requested a token, null when it never did. */
  public @Nullable Instant lastRequest() {
    return lastRequest;
  }

  void asked(Instant at) {
    lastRequest = at;
    waiting = null;
  }

  /** Records that the credential must wait. The wait lasts until a token is requested. */
  Outcome.Waiting waits(WaitReason obstacle, Instant slot, Instant now) {
    Outcome.Waiting last = waiting;
    Instant since = last == null || isGivenUp(last, now) ? now : last.since();
    waiting = new Outcome.Waiting(obstacle, slot, since);
    return waiting;
  }

  // The clock was set back, or no token was wanted any more when the turn came: the credential was
  // suspended, for example.
  private static boolean isGivenUp(Outcome.Waiting last, Instant now) {
    return last.since().isAfter(now) || now.isAfter(last.slot().plus(RequeueSchedule.LONGEST));
  }

  /**
   * Whether this content was written within the last {@link RenewalPlanner#FLOOR}, so that another
   * writer must have reverted it.
   */
  public boolean hasRepaired(String content, Instant now) {
    return repair != null
        && repair.content().equals(content)
        && Duration.between(repair.at(), now).abs().compareTo(RenewalPlanner.FLOOR) < 0;
  }

  /** Records that this content was written as a repair. */
  public void repaired(String content, Instant at) {
    repair = new Repair(content, at);
  }

  /** When a read found no target Secret, null since the last attempt to write it. */
  public @Nullable Instant missing() {
    return missing;
  }

  public void missingAt(@Nullable Instant looked) {
    missing = looked;
  }

  /** The status whose patch failed, null when there is none. */
  public @Nullable IrisCredentialStatus unsaved() {
    return unsaved;
  }

  /** Keeps a status whose patch failed. Returns when the first of these patches in a row failed. */
  public Instant unsaved(IrisCredentialStatus status, Instant now) {
    unsaved = status;
    unsavedSince = Objects.requireNonNullElse(unsavedSince, now);
    return unsavedSince;
  }

  /** Records that the cluster has the latest status. */
  public void saved() {
    unsaved = null;
    unsavedSince = null;
  }

  /**
   * Remembers the current credentials Secret. Returns the first version that was seen with these
   * values since a token was last issued.
   */
  public String login(CredentialsVersion now) {
    login = now.after(login);
    return login.version();
  }

  /**
   * Records that a token was issued for the login that was last seen. Returns the version of that
   * login.
   */
  String issued(String version) {
    if (login == null) {
      return version;
    }
    login = login.issued();
    return login.version();
  }
}
