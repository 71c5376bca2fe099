package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tries each call that serving a namespace needs, with a field selector that matches no object: to
 * list and to watch credentials and Secrets.
 */
public final class NamespaceProbe {
  static final String CREDENTIALS = HasMetadata.getPlural(IrisCredential.class);
  static final String SECRETS = "secrets";
  private static final String NO_OBJECT = "limit=1&fieldSelector=metadata.name%3Diris-probe";

  private final MetadataReader reader;

  public NamespaceProbe(MetadataReader reader) {
    this.reader = reader;
  }

  /**
   * The result for one namespace.
   *
   * @param code the HTTP status of the first call that failed otherwise than with 403; 200 if there
   *     was none; 0 if the API server did not respond
   * @param version the cluster's resource version, empty if credentials could not be listed
   * @param missing the calls that were answered with 403
   */
  public record Access(int code, String version, Set<Right> missing) {
    /** Whether nothing is missing. */
    public boolean isComplete() {
      return code == HttpURLConnection.HTTP_OK && missing.isEmpty();
    }
  }

  /**
   * Tries all calls; ends at the first that fails otherwise than with 403.
   *
   * @param namespace {@link Constants#WATCH_ALL_NAMESPACES}: the whole cluster
   */
  public Access ask(String namespace) {
    Set<Right> missing = new TreeSet<>();
    String version = "";
    for (String resource : List.of(CREDENTIALS, SECRETS)) {
      String path = path(resource, namespace);
      for (String verb : List.of("list", "watch")) {
        String query = verb.equals("watch") ? WatchRequest.PROBE + "&" + NO_OBJECT : NO_OBJECT;
        MetadataReader.Listed listed = reader.probe(path, query);
        if (listed.code() == HttpURLConnection.HTTP_FORBIDDEN) {
          missing.add(new Right(verb, resource));
        } else if (listed.code() != HttpURLConnection.HTTP_OK) {
          return new Access(listed.code(), version, missing);
        }
        version = version.isEmpty() && resource.equals(CREDENTIALS) ? listed.version() : version;
      }
    }
    return new Access(HttpURLConnection.HTTP_OK, version, missing);
  }

  /** The resource version of a list of no credential; empty if it failed. */
  String version(String namespace) {
    return reader.probe(path(CREDENTIALS, namespace), NO_OBJECT).version();
  }

  /** For example {@code namespace team-a}. */
  static String shown(String namespace) {
    return namespace.equals(Constants.WATCH_ALL_NAMESPACES)
        ? "all namespaces"
        : "namespace " + namespace;
  }

  /** The name of a namespace for people. */
  static String name(String namespace) {
    return namespace.equals(Constants.WATCH_ALL_NAMESPACES) ? "all" : namespace;
  }

  /** The URL path of a resource in a namespace. */
  static String path(String resource, String namespace) {
    String group =
        resource.equals(SECRETS)
            ? "api/v1/"
            : "apis/" + HasMetadata.getApiVersion(IrisCredential.class) + "/";
    return namespace.equals(Constants.WATCH_ALL_NAMESPACES)
        ? group + resource
        : group + "namespaces/" + namespace + "/" + resource;
  }
}
