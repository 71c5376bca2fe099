package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code status.failures}, where the status stores a retry state. */
public final class RetryStateFormat {
  private RetryStateFormat() {}

  /**
   * The failure in a status; empty when there is none, or when this version does not know its
   * class.
   */
  public static Optional<RetryState> read(IrisCredentialStatus status) {
    FailureStatus failure = status.failures();
    if (failure == null) {
      return Optional.empty();
    }
    return kind(failure)
        .map(
            kind ->
                new RetryState(
                    kind,
                    failure.reason(),
                    failure.count(),
                    failure.lastTime(),
                    failure.nextAttemptTime(),
                    failure.requestHash(),
                    failure.credentialsVersion(),
                    rejections(failure.rejections())));
  }

  // A class of a later version that this one does not know. If it has rejections, treat it as
  // REJECTED, so that they still count.
  private static Optional<RetryClass> kind(FailureStatus status) {
    Optional<RetryClass> known =
        Stream.of(RetryClass.values())
            .filter(kind -> text(kind).equals(status.failureClass()))
            .findFirst();
    return status.rejections() == null ? known : known.or(() -> Optional.of(RetryClass.REJECTED));
  }

  /** The form for the status; null when there is no failure. */
  public static @Nullable FailureStatus write(@Nullable RetryState failure) {
    return failure == null
        ? null
        : new FailureStatus(
            failure.count(),
            failure.lastTime(),
            failure.nextAttempt(),
            text(failure.kind()),
            failure.reason(),
            failure.requestHash(),
            failure.loginVersion(),
            rejections(failure.rejections()));
  }

  private static @Nullable LoginRejections rejections(@Nullable RejectionStatus status) {
    return status == null
        ? null
        : new LoginRejections(
            status.login(),
            status.count(),
            status.lastTime(),
            status.nextAttemptTime(),
            status.tries(),
            Boolean.TRUE.equals(status.acceptedBefore()));
  }

  private static @Nullable RejectionStatus rejections(@Nullable LoginRejections rejections) {
    return rejections == null
        ? null
        : new RejectionStatus(
            rejections.login(),
            rejections.count(),
            rejections.lastTry(),
            rejections.nextTry(),
            rejections.tries(),
            rejections.accepted() ? true : null);
  }

  // KUBERNETES_DENIED becomes KubernetesDenied.
  private static String text(RetryClass kind) {
    StringBuilder text = new StringBuilder();
    for (char letter : kind.name().toCharArray()) {
      boolean first = text.isEmpty() || text.charAt(text.length() - 1) == '_';
      text.append(first ? letter : Character.toLowerCase(letter));
    }
    return text.toString().replace("_", "");
  }
}
