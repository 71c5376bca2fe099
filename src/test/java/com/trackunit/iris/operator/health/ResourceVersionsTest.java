package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of two versions is the older one. */
class ResourceVersionsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a lower number,             99,    100,  true",
    "the same,                   100,   100,  false",
    "a higher number,            101,   100,  false",
    "the last before one more,   999,   1000, true",
    "more digits than a long,    99999999999999999998, 99999999999999999999, true",
    "nothing was seen,           5,     ,     false",
    "nothing was answered,       ,      5,    false",
    "another form of version,    a5,    7,    false",
    "a version that is empty,    '',    7,    false",
    "a list that asked for any,  0,     7,    false"
  })
  void isOlder(String when, String first, String second, boolean older) {
    assertThat(ResourceVersions.isOlder(first, second)).as(when).isEqualTo(older);
  }
}
