package points.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import points.service.TestService;

/** The README's example is compiled and run as it is written. */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OUTPUT = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);

  @Test
  void theExampleDoesWhatItSays(@TempDir Path folder) throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    Path source = Files.writeString(folder.resolve("BuyQuest.java"), only(JAVA, readme));
    String classPath = System.getProperty("java.class.path");
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
                classPath,
                "-d",
                folder.toString(),
                source.toString());
    assertThat(compiled).isZero();
    try (PointsClient connect = Clients.of("connect")) {
      connect.credit(Credit.of("user:readme", 150, Clients.id(), "welcome")).receiptOrThrow();
    }
    assertThat(run(folder, classPath)).isEqualTo(only(OUTPUT, readme));
  }

  private static String run(Path folder, String classPath)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder example =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath + java.io.File.pathSeparator + folder,
                "BuyQuest"));
    example
        .environment()
        .putAll(
            Map.of(
                "POINTS_URL", TestService.shared().url().toString(),
                "POINTS_KEY", TestService.shared().key("quest")));
    Process process = example.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  private static String only(Pattern block, String text) {
    Matcher match = block.matcher(text);
    assertThat(match.find()).isTrue();
    String found = match.group(1);
    assertThat(match.find()).as("one block only").isFalse();
    return found;
  }
}
