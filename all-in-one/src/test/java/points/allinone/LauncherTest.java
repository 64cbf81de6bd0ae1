package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher finds a JDK that is new enough, and says in one line what it lacks. */
class LauncherTest {
  @TempDir private Path folder = Path.of("");
  private Path launcher = Path.of("");
  private String text = "";

  private record Said(int status, String text) {}

  @BeforeEach
  void readLauncher() throws IOException {
    launcher = Repository.root().resolve("points");
    text = Files.readString(launcher);
  }

  @Test
  void anUnknownCommandIsOneLineAndExit2() throws Exception {
    Said said = run(launcher, Map.of(), "walk");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.text()).isEqualTo("points: there is no command 'walk': see ./points help\n");
  }

  @Test
  void helpNamesEveryCommand() throws Exception {
    Said said = run(launcher, Map.of(), "help");
    assertThat(said.status()).isZero();
    assertThat(said.text()).contains("run ", "test ", "verify ", "version ");
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    Path demanding = script(text.replace("needed=25", "needed=99"));
    Said said = run(demanding, Map.of(), "run");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.text()).startsWith("points: no JDK 99 or newer found: install one");
    assertThat(said.text().lines()).hasSize(1);
  }

  @Test
  void anOlderJdkInJavaHomeAndOnThePathIsPassedOver() throws Exception {
    Path old = folder.resolve("jdk-17");
    program(old.resolve("bin/javac"), "echo javac 17.0.15");
    program(old.resolve("bin/java"), "echo an old java");
    Path finder =
        script(
            text.substring(0, text.indexOf("require_maven()"))
                + "find_jdk\n"
                + "echo \"$JAVA_HOME\"\n");
    Said said =
        run(
            finder,
            Map.of(
                "JAVA_HOME",
                old.toString(),
                "PATH",
                old.resolve("bin") + ":" + System.getenv("PATH")));
    assertThat(said.status()).as(said.text()).isZero();
    Path found = Path.of(said.text().strip());
    assertThat(found).isNotEqualTo(old);
    assertThat(found.resolve("bin/javac")).isExecutable();
  }

  private Path script(String content) throws IOException {
    Path script = Files.writeString(folder.resolve("points"), content);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private static void program(Path file, String command) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Said run(Path script, Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add("bash");
    builder.command().add(script.toString());
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().putAll(environment);
    Path out = Files.createTempFile(folder, "said", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int status = process.waitFor();
    return new Said(status, Files.readString(out));
  }
}
