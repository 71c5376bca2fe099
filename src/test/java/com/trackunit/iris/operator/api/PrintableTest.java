package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text of strangers, as it is shown. */
class PrintableTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "plain text, 'Deployment web', 'Deployment web'",
    "an umlaut, 'Gerät', 'Gerät'",
    "the first and the last of ASCII, ' a~', ' a~'",
    "a deletion, 'a\u007fb', 'a?b'",
    "a new line, 'a\nREADY True', 'a?READY True'",
    "a carriage return, 'a\rb', 'a?b'",
    "a colour of a terminal, 'a\u001b[31mb', 'a?[31mb'",
    "the same in one character, 'a\u009b31mb', 'a?31mb'",
    "text from right to left, 'a\u202eb', 'a?b'",
    "half a character, 'a\ud83d', 'a?'",
  })
  void hasNoCharacterThatIsNotSeen(String what, String text, String shown) {
    assertThat(Printable.of(text, 100)).isEqualTo(shown);
  }

  @Test
  void isCutAtSoManyBytesAndNotWithinACharacter() {
    assertThat(Printable.of("a".repeat(900_000), 253)).hasSize(253);
    assertThat(Printable.of("ä".repeat(600), 1023).getBytes(StandardCharsets.UTF_8)).hasSize(1022);
    assertThat(Printable.of("😀".repeat(100), 7)).isEqualTo("😀");
  }
}
