package com.trackunit.iris.operator.docs;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import java.nio.file.Path;
import java.util.List;

/** A program that a recipe shows, and how it is run here. */
enum RecipesProgram {
  PYTHON("python.md", "iris.py"),
  NODE("node.md", "iris.mjs"),
  JAVA("java.md", "Iris.java"),
  SPRING("spring.md", "com/example/Iris.java"),
  GO("go.md", "iris.go"),
  SHELL("shell.md", "iris.sh");

  private final String page;
  private final String file;

  RecipesProgram(String page, String file) {
    this.page = page;
    this.file = file;
  }

  String page() {
    return page;
  }

  String file() {
    return file;
  }

  Block block() {
    return RecipesPages.page(page).block("diff");
  }

  /** The command; the paths to call come behind it. */
  List<String> command() {
    return switch (this) {
      case PYTHON -> List.of("python3", file);
      case NODE -> List.of("node", file);
      case JAVA -> List.of(java(), file);
      case SPRING -> List.of(java(), "-cp", RecipesTools.path("spring") + "/*", file);
      case GO -> List.of("go", "run", file);
      case SHELL -> List.of("sh", file);
    };
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
