package com.trackunit.iris.operator.health;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * How JSON of the API server is read: without limits of the parser.
 *
 * <p>The API server bounds an object to some megabytes. Its author chooses how long the names in
 * its managed fields are and how deep they are nested. A list or a watch with one object that
 * cannot be read ends for all objects.
 */
public final class ClusterJson {
  private ClusterJson() {}

  /** A new factory for parsers. */
  public static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }
}
