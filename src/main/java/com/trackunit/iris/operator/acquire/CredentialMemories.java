package com.trackunit.iris.operator.acquire;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The state that this process keeps in memory for each credential. */
public final class CredentialMemories {
  private final Map<ResourceID, CredentialMemory> memories = new ConcurrentHashMap<>();

  /**
   * The memory of this credential. A credential that was deleted and created again under the same
   * name has another UID, and starts with an empty memory.
   */
  public CredentialMemory of(ResourceID id, String uid) {
    return memories.compute(
        id,
        (key, known) ->
            known != null && known.uid().equals(uid) ? known : new CredentialMemory(uid));
  }

  /**
   * Whether any token is granted and its write is only late. A restart would lose it. One that a
   * foreign Secret, a quota or a policy keeps out does not count: with it, an author of credentials
   * could hold up the restart that everybody needs.
   */
  public boolean holdsToken() {
    return memories.values().stream().anyMatch(CredentialMemory::holdsToken);
  }

  /** Removes the memory of an earlier credential of this name, and returns its UID. */
  public Optional<String> forgetEarlier(ResourceID id, String uid) {
    CredentialMemory known = memories.get(id);
    return known == null || known.uid().equals(uid) ? Optional.empty() : forget(id);
  }

  /** Removes the memory of a credential, and returns its UID. */
  public Optional<String> forget(ResourceID id) {
    return Optional.ofNullable(memories.remove(id)).map(CredentialMemory::uid);
  }
}
