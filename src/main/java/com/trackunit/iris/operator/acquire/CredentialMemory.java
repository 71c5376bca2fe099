package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.status.Outcome;
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
  private static final int MOST_REFUSALS = 2;

  /** Servers and the operator round lives to whole seconds. */
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  private final String uid;
  // The server-check thread reads these two fields too.
  private volatile @Nullable InHand inHand;
  private volatile boolean blocked;
  private @Nullable StoredToken seen;
  private @Nullable Refresh refresh;
  private @Nullable String refusedRefreshSpec;
  private int refusedRefreshes;
  private @Nullable Instant lastRequest;
  private Outcome.@Nullable AwaitingSlot waiting;
  private @Nullable Repair repair;
  private @Nullable Instant missing;
  private @Nullable IrisCredentialStatus unsaved;
  private @Nullable Instant unsavedSince;
  private @Nullable Pruned pruned;
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
   *
   * @param loginLife how long the token of that login lived
   */
  record Refresh(String token, String specHash, String loginVersion, Duration loginLife) {
    boolean isFor(String requestedSpec, String usedLogin) {
      return specHash.equals(requestedSpec) && loginVersion.equals(usedLogin);
    }

    /**
     * Whether a token that it brought gains less than half a life on the stored one, because the
     * session ends: the next ones would all end with it.
     */
    boolean isOfASessionThatEnds(Lifetime brought, Lifetime stored) {
      Duration gain = Duration.between(stored.expiresAt(), brought.expiresAt()).plus(ROUNDING);
      // A token of a whole life is none, however early it was asked for.
      return brought.length().compareTo(loginLife) < 0
          && gain.compareTo(loginLife.dividedBy(2)) < 0;
    }

    Refresh of(Duration life) {
      return new Refresh(token, specHash, loginVersion, life);
    }

    /** Omits the token, so that it cannot reach a log. */
    @Override
    public String toString() {
      return "Refresh[withheld]";
    }
  }

  /** Content and time of the last repair of the target Secret. */
  private record Repair(String content, Instant at) {}

  /** A status that was written, and what the API server kept of it. */
  private record Pruned(IrisCredentialStatus written, IrisCredentialStatus kept) {}

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
    return inHand != null && !blocked;
  }

  /**
   * Keeps a token whose write failed.
   *
   * @param needsAPerson whether no later write can succeed before a person acts
   */
  public void keep(InHand token, boolean needsAPerson) {
    blocked = needsAPerson;
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

  void granted(Refresh token) {
    boolean isUseless =
        refusedRefreshes >= MOST_REFUSALS && token.specHash().equals(refusedRefreshSpec);
    refresh = isUseless ? null : token;
  }

  /** Records that a refresh token brought a token, so the one that came with it is of its login. */
  void refreshed(Duration loginLife) {
    refusedRefreshes = 0;
    refresh = refresh == null ? null : refresh.of(loginLife);
  }

  /** Records a refusal; after two in a row, the login is used until the spec changes. */
  void refreshRefused(String specHash) {
    refusedRefreshes = specHash.equals(refusedRefreshSpec) ? refusedRefreshes + 1 : 1;
    refusedRefreshSpec = specHash;
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

  void recordRequest(Instant at) {
    lastRequest = at;
    waiting = null;
  }

  /** Records that the credential must wait. The wait lasts until a token is requested. */
  Outcome.AwaitingSlot waits(WaitReason obstacle, Instant slot, Instant now) {
    Outcome.AwaitingSlot last = waiting;
    Instant since = last == null || isGivenUp(last, now) ? now : last.since();
    waiting = new Outcome.AwaitingSlot(obstacle, slot, since);
    return waiting;
  }

  // The clock was set back, or no token was wanted any more when the turn came: the credential was
  // suspended, for example.
  private static boolean isGivenUp(Outcome.AwaitingSlot last, Instant now) {
    return last.since().isAfter(now) || now.isAfter(last.slot().plus(RequeueSchedule.LONGEST));
  }

  /**
   * Whether this content was written within the last {@link RenewalPlanner#MINIMUM_INTERVAL}, so
   * that another writer must have reverted it.
   */
  public boolean hasRepaired(String content, Instant now) {
    return repair != null
        && repair.content().equals(content)
        && Duration.between(repair.at(), now).abs().compareTo(RenewalPlanner.MINIMUM_INTERVAL) < 0;
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

  /**
   * Records what the API server made of a written status. It drops the fields that an earlier
   * definition does not have.
   */
  public void written(IrisCredentialStatus status, IrisCredentialStatus kept) {
    pruned = status.equals(kept) ? null : new Pruned(status, kept);
  }

  /** Whether a write of this status would change nothing where this one is. */
  public boolean isWritten(IrisCredentialStatus status, IrisCredentialStatus held) {
    return status.equals(held) || new Pruned(status, held).equals(pruned);
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
