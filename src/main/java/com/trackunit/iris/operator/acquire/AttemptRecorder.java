package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;

/** Records the retry of a login that was refused before, so that a crash cannot hide it. */
@FunctionalInterface
public interface AttemptRecorder {
  /**
   * Writes a status in which only {@code failures} differs.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the write fails
   */
  void record(EffectiveSpec spec, IrisCredentialStatus status);
}
