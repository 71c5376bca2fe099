package com.trackunit.iris.operator.support;

import java.time.Instant;

/**
 * One request that the API server answered, as its audit log tells it. What a request does not have
 * (the name of a list, the resource of {@code /readyz}) is empty.
 *
 * @param user who was authenticated, as {@code system:serviceaccount:<namespace>:<name>} for a
 *     service account
 * @param code the HTTP status code
 * @param at when the answer was given; of a watch, when it began
 */
public record ApiCall(
    String user,
    String verb,
    String group,
    String resource,
    String subresource,
    String namespace,
    String name,
    int code,
    Instant at) {}
