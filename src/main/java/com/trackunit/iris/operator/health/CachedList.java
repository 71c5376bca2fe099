package com.trackunit.iris.operator.health;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.function.Function;

/**
 * Objects that a watch keeps in a cache.
 *
 * @param resource for example {@code secrets}
 * @param selector the label selector of the watch
 * @param versions the resource version of each cached object of a namespace, or of all
 */
public record CachedList(
    String resource, String selector, Function<String, Map<ResourceID, String>> versions) {}
