package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.LoginState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one credential and the cluster does not; losing it costs at most one
 * request.
 *
 * <p>Holds no login, a token only between its grant and its write, and a refresh token until it is
 * used. The steps of a credential use it one after the other.
 */
public final class CredentialMemory {
  private final String uid;
  // Read by the probe as well.
  private volatile @Nullable InHand inHand;
  private @Nullable StoredToken seen;
  private @Nullable Refresh refresh;
  private @Nullable Instant lastRequest;
  private @Nullable Repair repair;
  private @Nullable Instant missing;
  private @Nullable IrisCredentialStatus unsaved;
  private @Nullable Instant unsavedSince;
  private @Nullable LoginState login;

  CredentialMemory(String uid) {
    this.uid = uid;
  }

  /** A token that was granted and is not in the cluster yet. */
  public record InHand(StoredToken stored, String accessToken, Outcome.Issued outcome) {
    /** Shows no token. */
    @Override
    public String toString() {
      return "InHand[" + stored.lifetime() + "]";
    }
  }

  /**
   * A refresh token, good for the request it was granted to: one with the same spec and the same
   * version of the login.
   */
  record Refresh(String token, String specHash, String loginVersion) {
    boolean isFor(String requestedSpec, String usedLogin) {
      return specHash.equals(requestedSpec) && loginVersion.equals(usedLogin);
    }

    /** Shows no token. */
    @Override
    public String toString() {
      return "Refresh[withheld]";
    }
  }

  /** What was written when the target Secret was repaired last. */
  private record Repair(String content, Instant at) {}

  String uid() {
    return uid;
  }

  /** A token whose write failed, null when there is none; one that is over is dropped. */
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

  /** The token could not be written. */
  public void keep(InHand token) {
    inHand = token;
  }

  /** The token is in the target Secret now. */
  public void written(StoredToken token) {
    inHand = null;
    seen = token;
  }

  /**
   * This token is in the target Secret, and in hand no more, even when the answer to its write was
   * lost.
   */
  public void found(StoredToken token) {
    InHand held = inHand;
    if (held != null && held.stored().tokenHash().equals(token.tokenHash())) {
      inHand = null;
    }
  }

  /** The token that was last seen intact in the target Secret, null when none was. */
  public @Nullable StoredToken seen() {
    return seen;
  }

  /** The target Secret held this token at the end of a step. */
  public void saw(StoredToken token) {
    seen = token;
  }

  boolean hasRefresh() {
    return refresh != null;
  }

  void granted(Refresh token) {
    refresh = token;
  }

  /** What the next token can be asked for with, instead of the login; once. */
  Optional<Refresh> takeRefresh() {
    Optional<Refresh> taken = Optional.ofNullable(refresh);
    refresh = null;
    return taken;
  }

  /** When a token was last asked for, null when this process never did. */
  public @Nullable Instant lastRequest() {
    return lastRequest;
  }

  void asked(Instant at) {
    lastRequest = at;
  }

  /** Whether the very same was written just now, and somebody undid it. */
  public boolean hasRepaired(String content, Instant now) {
    return repair != null
        && repair.content().equals(content)
        && Duration.between(repair.at(), now).abs().compareTo(RenewalPlanner.FLOOR) < 0;
  }

  /** This content was written again. */
  public void repaired(String content, Instant at) {
    repair = new Repair(content, at);
  }

  /** When the target Secret was looked for in vain, null once it was written. */
  public @Nullable Instant missing() {
    return missing;
  }

  public void missingAt(@Nullable Instant looked) {
    missing = looked;
  }

  /** A status whose patch failed, null when none did. */
  public @Nullable IrisCredentialStatus unsaved() {
    return unsaved;
  }

  /** Remembers a status whose patch failed; returns when such a patch first failed. */
  public Instant unsaved(IrisCredentialStatus status, Instant now) {
    unsaved = status;
    unsavedSince = Objects.requireNonNullElse(unsavedSince, now);
    return unsavedSince;
  }

  /** The status in the cluster is the latest. */
  public void saved() {
    unsaved = null;
    unsavedSince = null;
  }

  /**
   * Remembers the credentials Secret as it is now; returns the version that its values came with.
   */
  public String login(LoginState now) {
    login = now.after(login);
    return login.version();
  }

  /** A token was issued for the login that was seen last; returns its version. */
  String issued(String version) {
    if (login == null) {
      return version;
    }
    login = login.issued();
    return login.version();
  }
}
