package com.trackunit.iris.operator.acquire;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What this process remembers of each credential. */
public final class CredentialMemories {
  private final Map<ResourceID, CredentialMemory> memories = new ConcurrentHashMap<>();

  /** The memory of this credential; another one of the same name has nothing to do with it. */
  public CredentialMemory of(ResourceID id, String uid) {
    return memories.compute(
        id,
        (key, known) ->
            known != null && known.uid().equals(uid) ? known : new CredentialMemory(uid));
  }

  /** Whether any token is in hand, which would be lost with this process. */
  public boolean holdsToken() {
    return memories.values().stream().anyMatch(CredentialMemory::holdsToken);
  }

  /** Forgets a credential, and returns the UID it was known by. */
  public Optional<String> forget(ResourceID id) {
    return Optional.ofNullable(memories.remove(id)).map(CredentialMemory::uid);
  }
}
