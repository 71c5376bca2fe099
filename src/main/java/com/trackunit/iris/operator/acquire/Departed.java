package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredential;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Credentials that the API server reports as deleted while the watch still shows them.
 *
 * <p>Each one is identified by its UID, which is never used again. A watch that lags behind may
 * still deliver earlier versions of it. A single answer may be wrong, so whoever finds a credential
 * here asks the API server again before it is believed.
 */
public final class Departed {
  private final Map<ResourceID, Departure> departures = new ConcurrentHashMap<>();

  private record Departure(String uid, Instant since) {}

  public void add(IrisCredential credential, Instant now) {
    departures.put(
        ResourceID.fromResource(credential), new Departure(credential.getMetadata().getUid(), now));
  }

  /** Since when this credential is reported as deleted; empty if it is not. */
  public Optional<Instant> since(IrisCredential credential) {
    return Optional.ofNullable(departures.get(ResourceID.fromResource(credential)))
        .filter(departure -> departure.uid().equals(credential.getMetadata().getUid()))
        .map(Departure::since);
  }

  /** Removes a credential: the watch delivered its deletion, or it exists after all. */
  public void forget(ResourceID id) {
    departures.remove(id);
  }
}
