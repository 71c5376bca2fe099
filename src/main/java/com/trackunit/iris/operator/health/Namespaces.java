package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.health.NamespaceProbe.Access;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which namespaces are served, which of them wait for their rights, and what is missing where.
 *
 * <p>Each namespace stands by itself: what one lacks keeps no other waiting.
 */
public final class Namespaces {
  private static final Logger log = LoggerFactory.getLogger(Namespaces.class);

  private final NamespaceProbe probe;
  private final Service service;
  private final Set<String> served = new TreeSet<>();
  private final Set<String> waiting = new TreeSet<>();
  private final Map<String, Set<Right>> missing = new ConcurrentSkipListMap<>();
  private final Map<String, Access> answers = new ConcurrentSkipListMap<>();
  private @Nullable String lastVersion;

  /** What is done for a namespace that was not served at the start. */
  public interface Service {
    /**
     * Serves one more namespace. Returns whether it is served; if not, all others still are.
     *
     * @param before the namespaces that are served already
     */
    boolean serve(String added, Set<String> before);

    /** Tells the credentials of this namespace what is missing, where that may be written. */
    void tell(String namespace, String missing);
  }

  /** Creates the state of a process that serves nothing yet. */
  public Namespaces(NamespaceProbe probe, Service service) {
    this.probe = probe;
    this.service = service;
  }

  /**
   * Records the result of the start.
   *
   * @param open the namespaces that are served; empty: the whole cluster
   * @param closed the namespaces that are not, and what is missing there
   */
  void begin(Set<String> open, Map<String, Set<Right>> closed) {
    served.addAll(open.isEmpty() ? Set.of(Constants.WATCH_ALL_NAMESPACES) : open);
    waiting.addAll(closed.keySet());
    closed.forEach(this::record);
  }

  /** What is missing, for each namespace in which something is. */
  public Map<String, Set<Right>> missing() {
    return Collections.unmodifiableMap(missing);
  }

  /**
   * Asks in the served namespaces whose watches fail, and in those in which something was missing.
   */
  void askWhere(Collection<String> failing) {
    answers.clear();
    Set<String> asked = new TreeSet<>(failing);
    asked.addAll(missing.keySet());
    asked.retainAll(served);
    for (String namespace : asked) {
      Access access = probe.ask(namespace);
      answers.put(namespace, access);
      if (access.code() != HttpURLConnection.HTTP_OK) {
        // The others would not be answered either.
        return;
      }
      record(namespace, access.missing());
    }
  }

  /** Asks in the namespaces that wait; serves those whose rights are complete now. */
  void askWaiting() {
    for (String namespace : new TreeSet<>(waiting)) {
      Access access = probe.ask(namespace);
      if (access.code() != HttpURLConnection.HTTP_OK) {
        return;
      }
      if (!access.isComplete()) {
        service.tell(namespace, shown(access.missing()));
        record(namespace, access.missing());
      } else if (service.serve(namespace, Set.copyOf(served))) {
        waiting.remove(namespace);
        served.add(namespace);
        record(namespace, Set.of());
      }
    }
  }

  /** Compares the cluster's resource version with that of the last call. */
  void compareVersions(Restart restart) {
    for (String namespace : served) {
      String version = probe.version(namespace);
      if (!version.isEmpty()) {
        restart.ifOlder(lastVersion, version, "the list of IrisCredentials");
        lastVersion = version;
        return;
      }
    }
  }

  /** Whether a new watch is answered where this one fails, so that a restart would help. */
  boolean isAnsweredAnew(WatchRequest watch) {
    Access access = answers.get(watch.namespace());
    return access != null
        && access.code() == HttpURLConnection.HTTP_OK
        && access.missing().stream().noneMatch(right -> right.resource().equals(watch.resource()));
  }

  /** For example {@code list secrets, watch secrets}. */
  private static String shown(Set<Right> rights) {
    return rights.stream().map(Right::toString).collect(Collectors.joining(", "));
  }

  private void record(String namespace, Set<Right> lacks) {
    Set<Right> before = lacks.isEmpty() ? missing.remove(namespace) : missing.put(namespace, lacks);
    if (!lacks.isEmpty() && !Objects.equals(before, lacks)) {
      log.atWarn()
          .addKeyValue("namespace", NamespaceProbe.name(namespace))
          .addKeyValue("missing", shown(lacks))
          .log(
              waiting.contains(namespace)
                  ? "A namespace is not served until the operator has these rights there; the others are. Check its Role, or IRIS_NAMESPACES."
                  : "The operator lost rights in a namespace, and serves it without them as far as it can. Check its Role.");
    } else if (lacks.isEmpty() && before != null) {
      log.atInfo()
          .addKeyValue("namespace", NamespaceProbe.name(namespace))
          .log("The operator has all its rights in a namespace now, and serves it.");
    }
  }
}
