package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the statuses tell of refused logins at a start: their tries, and whether a server refused
 * every login when the operator stopped.
 */
public final class RememberedRefusals {
  private static final int LOGINS = 3;
  // Enough to tell that logins were refused together, of thousands in a minute.
  private static final int MANY = 100;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Map<GrantType, List<Told>> told = new EnumMap<>(GrantType.class);
  private final Map<GrantType, Instant> accepted = new EnumMap<>(GrantType.class);

  private record Told(EffectiveSpec spec, RetryState failure) {
    Instant at() {
      return failure.lastTime();
    }

    boolean isOfProvenLogin() {
      return failure.kind() == RetryClass.REJECTED
          && failure.rejections() != null
          && failure.rejections().accepted();
    }

    boolean isOfOutage() {
      return failure.reason().equals(Reason.ENDPOINT_UNAVAILABLE.text());
    }
  }

  /** Adds the failure of a credential that still counts. */
  public void add(EffectiveSpec spec, RetryState failure) {
    if (failure.rejections() != null) {
      told.computeIfAbsent(spec.grantType(), _ -> new ArrayList<>()).add(new Told(spec, failure));
    }
  }

  /** Adds when the server last accepted a login, as far as this status tells. */
  public void add(EffectiveSpec spec, IrisCredentialStatus status) {
    if (status.token() != null) {
      accepted.merge(spec.grantType(), status.token().issuedAt(), (a, b) -> a.isAfter(b) ? a : b);
    }
  }

  void teach(GrantType grantType, GatedEndpoint endpoint, Instant now) {
    List<Told> all = told.getOrDefault(grantType, List.of());
    all.forEach(
        one -> endpoint.gate().learn(one.spec().uid(), one.spec().namespace(), one.failure(), now));
    Set<String> refused = refusedTogether(all, accepted.getOrDefault(grantType, Instant.MIN));
    if (!refused.isEmpty()) {
      endpoint.gate().restore(refused, endpoint.read());
    }
  }

  // The logins that an outage refused: those of its probes, and the three that began it.
  private static Set<String> refusedTogether(List<Told> all, Instant accepted) {
    List<Told> since =
        all.stream()
            .filter(Told::isOfProvenLogin)
            .filter(one -> one.at().isAfter(accepted))
            .sorted(Comparator.comparing(Told::at))
            .toList();
    Set<String> together = new HashSet<>();
    int first = 0;
    for (int last = 0; last < since.size(); last++) {
      while (since.get(first).at().isBefore(since.get(last).at().minus(WITHIN))) {
        first++;
      }
      List<Told> minute = since.subList(first, last + 1);
      Set<String> logins = new HashSet<>();
      minute.stream().limit(MANY).map(RememberedRefusals::login).forEach(logins::add);
      if (logins.size() >= LOGINS || since.get(last).isOfOutage()) {
        together.addAll(logins);
        together.add(login(since.get(last)));
      }
    }
    return together;
  }

  private static String login(Told one) {
    return Objects.requireNonNull(one.failure().rejections()).login();
  }
}
