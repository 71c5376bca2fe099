package com.trackunit.iris.operator.demo;

/** The story did not go as told; the message says which step, for a person. */
final class StoryBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoryBroken(String message) {
    super(message);
  }
}
