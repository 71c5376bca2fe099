package com.trackunit.iris.operator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.util.regex.Pattern;

/**
 * Makes text that strangers wrote fit for a condition, an event, a log line and a terminal: it has
 * a bounded size, and no character that starts a line, moves the cursor or is not seen.
 */
public final class Printable {
  private static final Pattern UNSEEN = Pattern.compile("\\p{C}");

  private Printable() {}

  /**
   * The text, cut where it is longer.
   *
   * @param longest most bytes in UTF-8
   */
  public static String of(String text, int longest) {
    if (text.length() <= longest && text.chars().allMatch(one -> one >= ' ' && one <= '~')) {
      return text;
    }
    ByteBuffer bytes = ByteBuffer.allocate(longest);
    CharsetEncoder encoder = UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
    encoder.encode(CharBuffer.wrap(text), bytes, true);
    return UNSEEN.matcher(UTF_8.decode(bytes.flip())).replaceAll("?");
  }
}
