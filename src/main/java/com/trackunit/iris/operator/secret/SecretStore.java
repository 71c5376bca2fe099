package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/** Where credentials Secrets are read, and target Secrets are read and written. */
public interface SecretStore {

  /** What came of reading a Secret. */
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

  /** What came of writing a target Secret. */
  sealed interface Write {
    /** Somebody else has a Secret of this name. */
    record Conflict(TargetState target) implements Write {}
  }

  /** What came of writing a target Secret again from what is stored in it. */
  sealed interface Rewrite {
    /** Somebody was faster: what is there now was not looked at yet. */
    record Overtaken() implements Rewrite {}
  }

  /** Written; the Secret as it is now, without its secrets. */
  record Written(Secret digested) implements Write, Rewrite {}

  /**
   * Not written, as far as is known.
   *
   * @param code the HTTP status, 0 or less when there was no answer
   */
  record Failed(RetryClass kind, int code) implements Write, Rewrite {}

  /** Reads one Secret from the API server, never from a cache. */
  Read read(String namespace, String name);

  /**
   * Writes a target Secret in one call; in a second one when somebody was faster.
   *
   * @param seen the Secret as it was seen last, null when there was none
   */
  Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen);

  /** Writes a token as {@link #write(EffectiveSpec, DesiredSecret, Secret)} does. */
  default Write write(
      EffectiveSpec spec, StoredToken token, String accessToken, @Nullable Secret seen) {
    return write(spec, DesiredSecret.render(spec, token, accessToken), seen);
  }

  /** What a target Secret holds that was just written, given as fingerprints. */
  default TargetState inspect(EffectiveSpec spec, Secret digested) {
    return SecretInspector.read(digested, spec, null);
  }

  /** Writes content that was made from this very version of the Secret; an earlier write wins. */
  Rewrite rewrite(DesiredSecret content, Secret seen);

  /**
   * Makes a credential the controller of a Secret, and writes the content that was made from this
   * very version of it, in one call.
   */
  Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen);
}
