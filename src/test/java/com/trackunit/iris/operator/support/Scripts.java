package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.support.RawServer.Script;
import java.time.Duration;

/** What servers do that do not do their job. */
public final class Scripts {
  private Scripts() {}

  /** Names a method as a script where Java cannot tell. */
  public static Script doing(Script script) {
    return script;
  }

  public static Script said(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
    };
  }

  public static Script saidThenReset(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
      client.pause(Duration.ofMillis(50));
      client.reset();
    };
  }

  public static Script saidThenStalls(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
      client.stall();
    };
  }

  public static Script trickle(String head, String drop) {
    return client -> {
      client.hear();
      client.say(head);
      while (true) {
        client.say(drop);
        client.pause(Duration.ofMillis(20));
      }
    };
  }

  public static Script endlessly(String head, String bytes) {
    return client -> {
      client.hear();
      client.say(head);
      while (true) {
        client.say(bytes);
      }
    };
  }
}
