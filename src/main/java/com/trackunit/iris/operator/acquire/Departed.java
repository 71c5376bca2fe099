package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredential;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The credentials that the API server says are gone while the watch still shows them.
 *
 * <p>Each is known by its UID, which never comes back: a watch that lags behind may still show
 * earlier versions of it.
 */
public final class Departed {
  private final Map<ResourceID, String> uids = new ConcurrentHashMap<>();

  public void add(IrisCredential credential) {
    uids.put(ResourceID.fromResource(credential), credential.getMetadata().getUid());
  }

  public boolean has(IrisCredential credential) {
    return credential.getMetadata().getUid().equals(uids.get(ResourceID.fromResource(credential)));
  }

  /** The watch has noticed as well. */
  public void forget(ResourceID id) {
    uids.remove(id);
  }
}
