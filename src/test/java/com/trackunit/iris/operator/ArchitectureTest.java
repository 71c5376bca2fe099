package com.trackunit.iris.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The rooms of the operator and the one way through them. */
class ArchitectureTest {
  private static final String OURS = "com.trackunit.iris.operator.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("com.trackunit.iris.operator");

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
            OURS + "oauth", "java..", "javax.net.ssl", "com.fasterxml.jackson..", "org.jspecify..")
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
  void apiKnowsOnlyHowLongAndHowToBeWrittenDown() {
    noClasses()
        .that()
        .resideInAPackage(OURS + "api")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            OURS + "oauth",
            OURS + "secret",
            OURS + "status",
            OURS + "controller",
            "java.net..",
            "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void secretKnowsNeitherStatusNorFramework() {
    noClasses()
        .that()
        .resideInAPackage(OURS + "secret")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            OURS + "status", OURS + "controller", "io.javaoperatorsdk..", "org.slf4j..")
        .check(CLASSES);
  }

  @Test
  void nobodyDependsOnTheController() {
    noClasses()
        .that()
        .resideOutsideOfPackages(OURS + "controller", "com.trackunit.iris.operator")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OURS + "controller")
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
        .doNotHaveFullyQualifiedName(Main.class.getName())
        .should()
        .callMethod(Clock.class, "systemUTC")
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
