package points.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    assertThat(said.text()).contains("run ", "test ", "verify ", "bench ", "trials ", "version ");
  }

  @Test
  void aCommandSaysItToo() throws Exception {
    Said said = run(launcher, Map.of(), "help");
    assertThat(run(launcher, Map.of(), "run", "--data", "somewhere", "--help")).isEqualTo(said);
    assertThat(run(launcher, Map.of(), "verify", "-h")).isEqualTo(said);
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
    assertPassedOver("echo javac 17.0.15");
  }

  @Test
  void aJdkThatDoesNotRunIsPassedOver() throws Exception {
    assertPassedOver("exit 1");
  }

  private void assertPassedOver(String javac) throws Exception {
    Path old = folder.resolve("jdk-of-no-use");
    program(old.resolve("bin/javac"), javac);
    program(old.resolve("bin/java"), "echo an old java");
    Path finder =
        script(
            text.substring(0, text.indexOf("require_maven()"))
                + "find_jdk\n"
                + "echo \"$JAVA_HOME\"\n");
    String path = old.resolve("bin") + ":" + System.getenv("PATH");
    Said said = run(finder, Map.of("JAVA_HOME", old.toString(), "PATH", path));
    assertThat(said.status()).as(said.text()).isZero();
    Path found = Path.of(said.text().strip());
    assertThat(found).isNotEqualTo(old);
    assertThat(found.resolve("bin/javac")).isExecutable();
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    Path checkout = checkout();
    Files.delete(folder.resolve("tools/mvn"));
    Path tools = folder.resolve("few");
    for (String tool : List.of("dirname", "readlink", "sed", "find", "cat", "mkdir")) {
      program(tools.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
    }
    for (String command : List.of("run", "test")) {
      Said said = run(checkout, environment(tools.toString()), command);
      assertThat(said.status()).isEqualTo(2);
      assertThat(said.text()).startsWith("points: Maven is not installed").hasLineCount(1);
    }
  }

  @Test
  void twoStartsAtOnceBuildOnceAndARunningOneKeepsItsJarsWhenTheSourcesChange() throws Exception {
    Path checkout = checkout();
    Process first = start(checkout, "run");
    Process second = start(checkout, "run");
    String running = started(first);
    assertThat(started(second)).isEqualTo(running);
    assertThat(lines("builds")).isEqualTo(1);
    assertThat(lines("rehearsals")).isEqualTo(1);

    Path source = folder.resolve("checkout/all-in-one/src/main/Some.java");
    Files.writeString(source, "changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
    Process third = start(checkout, "run");
    assertThat(started(third)).isNotEqualTo(running);
    assertThat(lines("builds")).isEqualTo(2);
    assertThat(Path.of(running)).isNotEmptyDirectory();
    for (Process process : List.of(first, second, third)) {
      process.destroy(); // the launcher has become the JVM: there is nothing else to end
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    Files.writeString(folder.resolve("checkout/pom.xml"), "changed too");
    run(checkout, environment(path()), "version");
    assertThat(lines("builds")).isEqualTo(3);
    assertThat(Path.of(running)).doesNotExist();
  }

  @Test
  void whatWasTestedIsStartedNext() throws Exception {
    Path checkout = checkout();
    assertThat(run(checkout, environment(path()), "test").status()).isZero();
    Said version = run(checkout, environment(path()), "version");
    assertThat(version.status()).as(version.text()).isZero();
    assertThat(lines("builds")).isEqualTo(1);
  }

  @Test
  void whatWasTestedInPartOrFailedIsNotStarted() throws Exception {
    Path checkout = checkout();
    assertThat(run(checkout, environment(path()), "test", "-pl", "ledger").status()).isZero();
    assertThat(checkout.resolveSibling(".points/built")).doesNotExist();
    program(folder.resolve("tools/mvn"), "exit 3");
    assertThat(run(checkout, environment(path()), "test").status()).isEqualTo(3);
    assertThat(checkout.resolveSibling(".points")).isEmptyDirectory();
  }

  @Test
  void aBuildThatFailsIsToldAndTriedAgain() throws Exception {
    Path checkout = checkout();
    program(folder.resolve("tools/mvn"), "exit 1");
    Said said = run(checkout, environment(path()), "version");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.text()).endsWith("points: the build failed: see above\n");
    said = run(checkout, environment(path()), "version");
    assertThat(said.text()).endsWith("points: the build failed: see above\n");
  }

  /** A checkout with the real launcher, and a Maven and a JDK that only pretend. */
  private Path checkout() throws IOException {
    Path root = folder.resolve("checkout");
    for (String part : List.of("all-in-one/src/main", ".mvn", "contracts", "docs/reference")) {
      Files.createDirectories(root.resolve(part));
    }
    for (String file : List.of("pom.xml", "all-in-one/pom.xml", "all-in-one/src/main/Some.java")) {
      Files.writeString(root.resolve(file), "");
    }
    program(
        folder.resolve("tools/mvn"),
        "echo built >> '"
            + folder.resolve("builds")
            + "'; sleep 0.3; out=target; for word; do case $word in -Doutput=*) out=${word#*=};; esac; done;"
            + " for part in all-in-one bench trials; do mkdir -p $part/$out/lib;"
            + " touch $part/$out/$part-1.jar $part/$out/lib/part.jar; done");
    program(folder.resolve("jdk/bin/javac"), "echo javac 25.0.1");
    // It says which class path it was given, and stays to be ended if it was told to run.
    program(
        folder.resolve("jdk/bin/java"),
        "case \"$*\" in *--until-ready*) echo once >> '"
            + folder.resolve("rehearsals")
            + "'; exit 0;; esac;"
            + " while [ $# -gt 2 ]; do [ \"$1\" = -cp ] && echo \"${2%/*}\"; shift; done;"
            + " case \"$2\" in run) exec sleep 60;; esac");
    Path copy = Files.writeString(root.resolve("points"), text);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    return copy;
  }

  private String path() {
    return folder.resolve("tools") + ":" + System.getenv("PATH");
  }

  private Map<String, String> environment(String path) {
    return Map.of("JAVA_HOME", folder.resolve("jdk").toString(), "PATH", path);
  }

  private Process start(Path launcher, String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString(), command);
    builder.environment().putAll(environment(path()));
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static String started(Process process) throws IOException {
    return String.valueOf(process.inputReader().readLine());
  }

  private long lines(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file)).size();
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
    builder.command().add("/bin/bash");
    builder.command().add(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    Path out = Files.createTempFile(folder, "said", ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int status = process.waitFor();
    return new Said(status, Files.readString(out));
  }
}
