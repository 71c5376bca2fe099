package com.trackunit.iris.operator.demo;

import java.time.Clock;

/**
 * Runs the story on real sockets and in real time, and exits with 1 when it did not go as told.
 *
 * <p>With {@code -Ddemo.keep} everything stays up afterwards. Nothing is closed: the process ends.
 */
public final class Demo {
  private Demo() {}

  /** Tells the story once. */
  public static void main(String[] arguments) throws InterruptedException {
    Clock clock = Clock.systemUTC();
    Narrator narrator = new Narrator(clock);
    try {
      Stage stage = Stage.open(clock);
      new Story(stage, narrator).tell();
      if (System.getProperty("demo.keep") != null) {
        stage.addresses().forEach(narrator::detail);
        narrator.say("All of it stays up and the pod goes on calling. Ctrl-C stops it.");
        Thread.currentThread().join();
      }
      System.exit(0);
    } catch (StoryBroken broken) {
      narrator.say("FAILED: " + broken.getMessage());
    } catch (RuntimeException unexpected) {
      narrator.say("FAILED: " + unexpected);
    }
    System.exit(1);
  }
}
