package com.trackunit.iris.operator.demo;

import com.trackunit.iris.operator.api.Condition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.ArrayList;
import java.util.List;

/** What {@code kubectl describe} shows of a credential: its conditions and its last event. */
record Description(List<Condition> conditions, Event lastEvent) {

  /** Line by line; a sentence is not said twice. */
  List<String> lines() {
    List<String> said = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Condition condition : conditions) {
      String kind =
          "Condition %s=%s, %s".formatted(condition.type(), condition.status(), condition.reason());
      lines.addAll(entry(kind, condition.message(), said));
    }
    String kind = "Event %s, %s".formatted(lastEvent.getType(), lastEvent.getReason());
    lines.addAll(entry(kind, lastEvent.getNote(), said));
    return lines;
  }

  private static List<String> entry(String kind, String message, List<String> said) {
    if (said.contains(message)) {
      return List.of(kind + ": the same words");
    }
    said.add(message);
    List<String> entry = new ArrayList<>(List.of(kind + ":"));
    message.replace(". ", ".\n").lines().map(sentence -> "  " + sentence).forEach(entry::add);
    return entry;
  }
}
