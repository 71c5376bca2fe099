package com.trackunit.iris.operator.gate;

/** Why a credential has to wait for its turn. */
public enum WaitReason {
  /** Others are asking, as many as may. */
  BUSY,
  /** The authorization server is not available, and one at a time tries whether it is again. */
  UNAVAILABLE,
  /** The authorization server wants a pause. */
  LIMITED
}
