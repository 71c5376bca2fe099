package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.LoginState;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of its credentials and the cluster does not; losing it costs at most one
 * request each.
 *
 * <p>Holds no login, a token only between its grant and its write, and a refresh token until it is
 * used.
 */
public final class CredentialMemory {
  private final Map<ResourceID, Recollection> recollections = new ConcurrentHashMap<>();

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

  /** What was written when the target Secret was mended last. */
  public record Mend(String content, Instant at) {}

  /**
   * What is remembered of one credential.
   *
   * @param uid of the credential: another one of the same name is another one
   * @param inHand a token whose write failed
   * @param seen the token that was last seen intact in the target Secret
   * @param refresh what the next token can be asked for with, instead of the login
   * @param lastRequest when a token was last asked for
   * @param mend when the target Secret was last mended; null when it never was
   * @param missing when the target Secret was looked for in vain; null once it was written
   * @param unsaved a status whose patch failed
   * @param unsavedSince when such a patch first failed
   * @param login the credentials Secret as it was seen last
   */
  public record Recollection(
      String uid,
      @Nullable InHand inHand,
      @Nullable StoredToken seen,
      @Nullable Refresh refresh,
      @Nullable Instant lastRequest,
      @Nullable Mend mend,
      @Nullable Instant missing,
      @Nullable IrisCredentialStatus unsaved,
      @Nullable Instant unsavedSince,
      @Nullable LoginState login) {

    static Recollection nothing(String uid) {
      return new Recollection(uid, null, null, null, null, null, null, null, null, null);
    }

    public Recollection withInHand(@Nullable InHand token) {
      return new Recollection(
          uid, token, seen, refresh, lastRequest, mend, missing, unsaved, unsavedSince, login);
    }

    public Recollection withSeen(StoredToken token) {
      return new Recollection(
          uid, inHand, token, refresh, lastRequest, mend, missing, unsaved, unsavedSince, login);
    }

    Recollection withRefresh(@Nullable Refresh granted) {
      return new Recollection(
          uid, inHand, seen, granted, lastRequest, mend, missing, unsaved, unsavedSince, login);
    }

    Recollection withLastRequest(Instant asked) {
      return new Recollection(
          uid, inHand, seen, refresh, asked, mend, missing, unsaved, unsavedSince, login);
    }

    public Recollection withMend(Mend done) {
      return new Recollection(
          uid, inHand, seen, refresh, lastRequest, done, missing, unsaved, unsavedSince, login);
    }

    Recollection withLogin(LoginState seenLogin) {
      return new Recollection(
          uid, inHand, seen, refresh, lastRequest, mend, missing, unsaved, unsavedSince, seenLogin);
    }

    /** Whether the very same was written just now, and somebody undid it. */
    public boolean hasMended(String content, Instant now) {
      return mend != null
          && mend.content().equals(content)
          && Duration.between(mend.at(), now).abs().compareTo(RenewalPlanner.FLOOR) < 0;
    }

    public Recollection withMissing(@Nullable Instant looked) {
      return new Recollection(
          uid, inHand, seen, refresh, lastRequest, mend, looked, unsaved, unsavedSince, login);
    }

    public Recollection withUnsaved(
        @Nullable IrisCredentialStatus status, @Nullable Instant since) {
      return new Recollection(
          uid, inHand, seen, refresh, lastRequest, mend, missing, status, since, login);
    }
  }

  /**
   * What is remembered of a credential at this time: a token in hand is dropped when it expires.
   */
  public Recollection of(ResourceID id, String uid, Instant now) {
    // Another credential of the same name: what was known of the earlier one is over.
    recollections.compute(
        id,
        (key, known) ->
            known != null && known.uid().equals(uid) ? known : Recollection.nothing(uid));
    update(
        id,
        uid,
        known -> {
          InHand inHand = known.inHand();
          return inHand != null && inHand.stored().lifetime().isOver(now)
              ? known.withInHand(null)
              : known;
        });
    return recall(id, uid);
  }

  private Recollection recall(ResourceID id, String uid) {
    Recollection known = recollections.get(id);
    return known != null && known.uid().equals(uid) ? known : Recollection.nothing(uid);
  }

  /**
   * A token that is in the cluster is in hand no more, even when the answer to its write was lost.
   */
  public Recollection written(ResourceID id, String uid, StoredToken stored) {
    update(
        id,
        uid,
        known -> {
          InHand inHand = known.inHand();
          boolean same = inHand != null && inHand.stored().tokenHash().equals(stored.tokenHash());
          return same ? known.withInHand(null) : known;
        });
    return recall(id, uid);
  }

  /** Remembers the credentials Secret as it is now, and says since which version it sends this. */
  public LoginState login(ResourceID id, String uid, LoginState now) {
    update(id, uid, known -> known.withLogin(now.after(known.login())));
    return Objects.requireNonNullElse(recall(id, uid).login(), now);
  }

  /** Notes that a token was issued for the login that was seen last; returns its version. */
  String issued(ResourceID id, String uid, String version) {
    update(
        id, uid, known -> known.login() == null ? known : known.withLogin(known.login().issued()));
    LoginState login = recall(id, uid).login();
    return login == null ? version : login.version();
  }

  /**
   * Remembers something of a credential; nothing when it has been followed by another of its name.
   */
  public void update(ResourceID id, String uid, UnaryOperator<Recollection> change) {
    recollections.computeIfPresent(
        id, (key, known) -> known.uid().equals(uid) ? change.apply(known) : known);
  }

  /** Whether any token is in hand, which would be lost with this process. */
  public boolean holdsToken() {
    return recollections.values().stream().anyMatch(known -> known.inHand() != null);
  }

  /** Forgets a credential, and returns the UID it was known by. */
  public Optional<String> forget(ResourceID id) {
    return Optional.ofNullable(recollections.remove(id)).map(Recollection::uid);
  }
}
