package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.util.List;
import java.util.Objects;
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
                    reason(failure, kind, status),
                    failure.count(),
                    failure.lastTime(),
                    failure.nextAttemptTime(),
                    failure.requestHash(),
                    failure.credentialsVersion(),
                    rejections(failure.rejections())));
  }

  // Version 0.1.0 did not store the reason. Then the condition has it, if it is about this failure.
  private static String reason(FailureStatus failure, RetryClass kind, IrisCredentialStatus told) {
    return Optional.ofNullable(failure.reason())
        .or(
            () ->
                told.condition("Renewed")
                    .filter(renewed -> !renewed.holds())
                    .map(Condition::reason)
                    .filter(reason -> Reason.isOfTheCluster(reason) != kind.asked()))
        .orElse(
            kind.asked()
                ? Reason.ENDPOINT_UNAVAILABLE.text()
                : Reason.KUBERNETES_WRITE_FAILED.text());
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
            Objects.requireNonNullElse(status.corrections(), List.of()),
            // An earlier version stored only the last try.
            Objects.requireNonNullElse(status.tries(), List.of(status.lastTime())),
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
            rejections.corrections(),
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
