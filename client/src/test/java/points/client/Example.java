package points.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** A page's example: its one block of Java, compiled and run as it is written. */
final class Example {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private final String page;
  private final String className;
  private final Path folder;

  private Example(String page, String className, Path folder) {
    this.page = page;
    this.className = className;
    this.folder = folder;
  }

  /** Compiles the example of a page, in a folder that nothing else uses. */
  static Example of(Path page, String className, Path folder) throws IOException {
    Example example = new Example(Files.readString(page), className, folder);
    Path source = Files.writeString(folder.resolve(className + ".java"), example.onlyBlock("java"));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-Xlint:all,-processing",
                "-Werror",
                "-proc:none",
                "-cp",
                CLASS_PATH,
                "-d",
                folder.toString(),
                source.toString());
    assertThat(compiled).isZero();
    return example;
  }

  /** Runs it, and returns what it prints. */
  String run(Map<String, String> environment) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder example =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                CLASS_PATH + File.pathSeparator + folder,
                className));
    example.environment().putAll(environment);
    Process process = example.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  /** The page's only block of a language. */
  String onlyBlock(String language) {
    Matcher match = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(match.find()).isTrue();
    String found = match.group(1);
    assertThat(match.find()).as("one block only").isFalse();
    return found;
  }
}
