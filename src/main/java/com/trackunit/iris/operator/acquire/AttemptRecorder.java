package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;

/** Records the attempt of a login that was refused before, so that a crash cannot hide it. */
@FunctionalInterface
public interface AttemptRecorder {
  /**
   * Writes a status in which only the failures are others.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it is not recorded
   */
  void record(EffectiveSpec spec, IrisCredentialStatus status);
}
