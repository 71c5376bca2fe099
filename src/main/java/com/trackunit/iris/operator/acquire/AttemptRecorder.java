package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryState;

/** Records the attempt of a login that was refused before, so that a crash cannot hide it. */
@FunctionalInterface
public interface AttemptRecorder {
  /**
   * Writes a status in which only the failures change.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it is not recorded
   */
  void writeFailures(EffectiveSpec spec, IrisCredentialStatus status, RetryState attempt);
}
