package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/** Reads credentials Secrets, and reads and writes target Secrets. */
public interface SecretStore {

  /** The result of reading a Secret. */
  sealed interface Read {
    record Found(Secret secret) implements Read {
      /** Shows no secret. */
      @Override
      public String toString() {
        return "Found";
      }
    }

    record Missing() implements Read {}

    record Failed(RetryClass kind, int code) implements Read {}
  }

  /** The result of writing a target Secret. */
  sealed interface Write {
    /** A Secret with this name does not belong to this credential. */
    record Conflict(TargetState target) implements Write {}
  }

  /** The result of writing a target Secret again from what is stored in it. */
  sealed interface Rewrite {
    /** The Secret was changed or deleted in the meantime; its present state was not read. */
    record Overtaken() implements Rewrite {}
  }

  /**
   * The write succeeded.
   *
   * @param redacted the Secret after the write, with fingerprints instead of values
   */
  record Written(Secret redacted) implements Write, Rewrite {}

  /**
   * The write failed, or its response was lost.
   *
   * @param code the HTTP status, 0 or less when there was no response
   */
  record Failed(RetryClass kind, int code) implements Write, Rewrite {}

  /** Reads one Secret from the API server, never from a cache. */
  Read read(String namespace, String name);

  /**
   * Writes a target Secret in one call. Repeats the call a few times if the Secret was changed in
   * the meantime.
   *
   * @param seen the Secret as it was last seen, null when there was none
   */
  Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen);

  /** Writes a token as {@link #write(EffectiveSpec, DesiredSecret, Secret)} does. */
  default Write write(
      EffectiveSpec spec, StoredToken token, String accessToken, @Nullable Secret seen) {
    return write(spec, DesiredSecret.render(spec, token, accessToken), seen);
  }

  /**
   * The state of a target Secret that was just written.
   *
   * @param redacted the Secret with fingerprints instead of values
   */
  default TargetState inspect(EffectiveSpec spec, Secret redacted) {
    return SecretInspector.read(redacted, spec, null);
  }

  /**
   * Writes content that was made from this version of the Secret; {@link Rewrite.Overtaken} if the
   * Secret has changed.
   */
  Rewrite rewrite(DesiredSecret content, Secret seen);

  /**
   * Makes a credential the controller of a Secret, and writes content that was made from this
   * version of it, in one call.
   */
  Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen);
}
