package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredential;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Credentials that the API server reports as deleted while the watch still shows them.
 *
 * <p>Each one is identified by its UID, which is never used again. A watch that lags behind may
 * still deliver earlier versions of it.
 */
public final class Departed {
  private final Map<ResourceID, String> uids = new ConcurrentHashMap<>();

  public void add(IrisCredential credential) {
    uids.put(ResourceID.fromResource(credential), credential.getMetadata().getUid());
  }

  public boolean has(IrisCredential credential) {
    return credential.getMetadata().getUid().equals(uids.get(ResourceID.fromResource(credential)));
  }

  /** Removes a credential after the watch delivered its deletion. */
  public void forget(ResourceID id) {
    uids.remove(id);
  }
}
