package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Docs.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** The README is read in one go, and what it shows is what there is. */
class ReadmePageTest {
  private static final int MOST_LINES = 250;
  private static final Path STORY =
      Path.of("src/test/java/com/trackunit/iris/operator/demo/Story.java");
  private static final Pattern SAID = Pattern.compile("narrator\\.say\\(\\s*\"([^\"]+)\"");
  private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+\\.svg)\\)");

  private final String text = Docs.page("README.md").text();

  @Test
  void isShort() {
    assertThat(text.lines().count()).isLessThanOrEqualTo(MOST_LINES);
  }

  @Test
  void namesTheCommandThatChecksEveryChange() throws IOException {
    String check = "./mvnw -B -ntp verify";
    assertThat(Docs.commands(text)).contains(check);
    assertThat(Files.readString(Path.of(".ci/run"))).contains("exec " + check + "\n");
  }

  @Test
  void showsLinesOfTheDemoInItsOrder() throws IOException {
    List<Pattern> said =
        SAID.matcher(Files.readString(STORY))
            .results()
            .map(sentence -> Pattern.compile("\\d\\d:\\d\\d:\\d\\d  " + shape(sentence.group(1))))
            .toList();
    List<String> shown =
        Docs.blocks(text)
            .map(Block::text)
            .filter(block -> block.startsWith("$ ./mvnw -Pdemo\n"))
            .flatMap(String::lines)
            .filter(line -> Character.isDigit(line.charAt(0)))
            .toList();

    assertThat(shown).hasSizeGreaterThan(2);
    Iterator<Pattern> story = said.iterator();
    assertThat(shown).allMatch(line -> comes(line, story));
  }

  /** Whether what is left of the story has this line; all that comes before it is left out. */
  private static boolean comes(String line, Iterator<Pattern> story) {
    while (story.hasNext()) {
      if (story.next().matcher(line).matches()) {
        return true;
      }
    }
    return false;
  }

  /** A sentence of the demo as a pattern: anything where it fills something in. */
  private static String shape(String sentence) {
    return Pattern.compile("%[sd]")
        .splitAsStream(sentence + " ")
        .map(Pattern::quote)
        .collect(Collectors.joining(".+"))
        .replaceFirst(" \\\\E$", "\\\\E.*");
  }

  @Test
  void hasAPictureForLightAndForDark() throws Exception {
    var found = PICTURE.matcher(text);
    assertThat(found.find()).isTrue();
    Path picture = Path.of(found.group(1));

    var drawing = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    assertThat(drawing.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(Files.readString(picture)).contains("@media (prefers-color-scheme: dark)");
    assertThat(shownNames(drawing.getElementsByTagName("text")))
        .contains("fleet-sync", "fleet-api-user", "fleet-sync-token", "/var/run/iris");
  }

  private static Set<String> shownNames(org.w3c.dom.NodeList texts) {
    return java.util.stream.IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .collect(Collectors.toSet());
  }
}
