package com.trackunit.iris.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.trackunit.iris.operator.support.Docs;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the operator, and which may use which. */
class ArchitectureTest {
  private static final String OURS = "com.trackunit.iris.operator.";
  private static final String RUNTIME = "runtime";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("com.trackunit.iris.operator");

  /** Each package with the packages that may use it, the lowest first. */
  private static final Map<String, List<String>> USERS = new LinkedHashMap<>();

  static {
    USERS.put("time", List.of("gate", "acquire", "health", "leader", "startup", "nudge", RUNTIME));
    USERS.put(
        "api",
        List.of(
            "credential",
            "secret",
            "status",
            "acquire",
            "controller",
            "health",
            "metrics",
            "config",
            "startup",
            RUNTIME));
    USERS.put(
        "renewal",
        List.of(
            "credential",
            "gate",
            "net",
            "secret",
            "status",
            "acquire",
            "controller",
            "nudge",
            RUNTIME));
    USERS.put(
        "credential",
        List.of("secret", "status", "acquire", "controller", "nudge", "startup", RUNTIME));
    USERS.put("net", List.of("oauth", "acquire", "config", "leader", "startup", RUNTIME));
    USERS.put("gate", List.of("metrics", "status", "acquire", "config", "startup", RUNTIME));
    USERS.put("oauth", List.of("secret", "status", "acquire", "metrics", RUNTIME));
    USERS.put("secret", List.of("status", "acquire", "controller", RUNTIME));
    USERS.put("status", List.of("acquire", "controller", "metrics", "nudge", RUNTIME));
    USERS.put("acquire", List.of("controller", "metrics", RUNTIME));
    USERS.put("health", List.of("leader", "controller", "startup", "metrics", RUNTIME));
    USERS.put("config", List.of("acquire", "leader", RUNTIME));
    USERS.put("leader", List.of("startup", RUNTIME));
    USERS.put("startup", List.of(RUNTIME));
    USERS.put("metrics", List.of("controller", RUNTIME));
    USERS.put("nudge", List.of("controller", RUNTIME));
    USERS.put("controller", List.of(RUNTIME));
  }

  @Test
  void everyPackageIsUsedByThoseAboveItAlone() {
    LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String layer : USERS.keySet()) {
      layers = layers.layer(layer).definedBy(OURS + layer);
    }
    layers = layers.layer(RUNTIME).definedBy("com.trackunit.iris.operator");
    for (Map.Entry<String, List<String>> layer : USERS.entrySet()) {
      layers =
          layers
              .whereLayer(layer.getKey())
              .mayOnlyBeAccessedByLayers(layer.getValue().toArray(String[]::new));
    }
    layers.whereLayer(RUNTIME).mayNotBeAccessedByAnyLayer().check(CLASSES);
  }

  @Test
  void theContributorsPageNamesEveryArrow() {
    Map<String, List<String>> told = new LinkedHashMap<>();
    Docs.table("## The rooms")
        .forEach(
            row ->
                told.put(
                    Docs.words(row.get("package")).getFirst(), Docs.words(row.get("used by"))));
    told.values().forEach(users -> assertThat(users).doesNotContain(RUNTIME));
    told.replaceAll((name, users) -> Stream.concat(users.stream(), Stream.of(RUNTIME)).toList());

    assertThat(told).containsExactlyEntriesOf(USERS);
  }

  @Test
  void noPackagesFormACircle() {
    slices().matching("com.trackunit.iris.operator.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noPackageHasMoreThanTwentyFiles() {
    Map<String, Long> files =
        CLASSES.stream()
            .filter(type -> type.getEnclosingClass().isEmpty() && !type.isAnonymousClass())
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(files)
        .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(21));
  }

  @Test
  void renewalKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage(OURS + "renewal")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            OURS + "renewal",
            "java.lang..",
            "java.time..",
            "java.util..",
            "java.security",
            "java.nio..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void gateKnowsNothingButJavaAndRenewal() {
    classes()
        .that()
        .resideInAPackage(OURS + "gate")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            OURS + "gate",
            OURS + "renewal",
            OURS + "time",
            "java.lang..",
            "java.time..",
            "java.util..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void oauthKnowsHttpAndJsonAndNoKubernetes() {
    classes()
        .that()
        .resideInAPackage(OURS + "oauth")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            OURS + "oauth",
            OURS + "net",
            "java..",
            "javax.net.ssl",
            "com.fasterxml.jackson..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void statusDoesNoInputAndNoOutput() {
    noClasses()
        .that()
        .resideInAPackage(OURS + "status")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..", "io.javaoperatorsdk..", "java.net..", "java.io..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void onlyTheControllerAndTheRuntimeKnowTheReconcileLoop() {
    noClasses()
        .that()
        .resideOutsideOfPackages(OURS + "controller", "com.trackunit.iris.operator")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Context")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleName("UpdateControl")
        .check(CLASSES);
  }

  @Test
  void timeComesFromTheClockAlone() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + "time")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }

  @Test
  void nothingIsDrawnAtRandom() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void optionalIsReturnedAndNeverPassed() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage(OURS + "oauth")
        .and()
        .arePublic()
        .should()
        .haveRawParameterTypes(Optional.class)
        .check(CLASSES);
  }
}
