package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Prints at the end of a build which classes of tests took longest, from Maven's reports. */
public final class SlowestClasses {
  private static final int SHOWN = 10;

  private SlowestClasses() {}

  private record Run(String name, double seconds, int tests) {}

  /** The arguments are the folders of the reports. */
  public static void main(String[] folders) {
    Stream.of(folders)
        .map(Path::of)
        .filter(Files::isDirectory)
        .flatMap(SlowestClasses::runs)
        .sorted(Comparator.comparingDouble(Run::seconds).reversed())
        .limit(SHOWN)
        .forEach(
            run ->
                System.out.printf(
                    Locale.ROOT,
                    "%7.1f s  %4d tests  %s%n",
                    run.seconds(),
                    run.tests(),
                    run.name().replaceFirst(".*\\.", "")));
  }

  private static Stream<Run> runs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .map(SlowestClasses::run)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Run run(Path report) {
    try (InputStream xml = Files.newInputStream(report)) {
      XMLStreamReader reader = XMLInputFactory.newFactory().createXMLStreamReader(xml);
      reader.nextTag();
      return new Run(
          reader.getAttributeValue(null, "name"),
          Double.parseDouble(reader.getAttributeValue(null, "time").replace(",", "")),
          Integer.parseInt(reader.getAttributeValue(null, "tests")));
    } catch (IOException | XMLStreamException e) {
      throw new IllegalStateException(report.toString(), e);
    }
  }
}
