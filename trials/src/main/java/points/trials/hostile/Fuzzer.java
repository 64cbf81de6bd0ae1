package points.trials.hostile;

import com.code_intelligence.jazzer.sanitizers.Constants;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Jazzer at work on some readers, in a process of its own. It makes texts out of good ones and goes
 * on with those that reach what no other did; which, hangs on the seed.
 *
 * @param readers get every text, one after the other
 * @param folder its own
 * @param longTexts how many long texts each reader gets first
 */
record Fuzzer(List<Readers.Reader> readers, Path folder, int seed, int seconds, int longTexts) {
  private static final int LENGTH_MAX = 70_000;
  private static final int REPEATS = 1_000;
  private static final int SHORT_SECONDS = 30;

  /** That much longer, for the start and the last text, it may take on a busy machine. */
  private static final int GRACE_SECONDS = 180;

  private static final int EXIT_FINDING = 77;
  private static final int EXIT_TIMEOUT = 70;
  private static final int LINES = 12;
  private static final int COLUMNS = 1_000;

  /**
   * Whose branches and comparisons guide it: what reads, and no more, as each class takes
   * milliseconds to prepare.
   */
  private static final String GUIDES =
      String.join(
          File.pathSeparator,
          "points.**",
          "com.fasterxml.jackson.core.json.**",
          "org.yaml.snakeyaml.parser.**",
          "org.yaml.snakeyaml.reader.**",
          "org.yaml.snakeyaml.scanner.**",
          "com.nimbusds.jwt.**",
          "com.nimbusds.jose.shaded.gson.stream.**");

  /** Texts that a reader did not stand once: the files of {@code found}, among the resources. */
  private static final List<String> FOUND = List.of("positions-not-ascii", "rules-escape-cut-off");

  private static final Pattern UNNEEDED =
      Pattern.compile("/(byte-buddy|kafka|scala|jose4j|zstd)[^/]*$");
  private static final Pattern DONE = Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+)");

  /** What came of it. */
  sealed interface Outcome {
    /**
     * Nothing was found.
     *
     * @param texts how many there were
     * @param edges between the parts of the code, how many of them the texts took
     */
    record Done(long texts, long edges) implements Outcome {}

    /** A text that a reader does not stand. */
    record Finding(String what) implements Outcome {}

    /** Jazzer has no native part for this machine. */
    record Unavailable(String why) implements Outcome {}
  }

  /**
   * Runs it to its end.
   *
   * @throws IOException if it did not work
   */
  Outcome run() throws IOException, InterruptedException {
    Path found = Files.createDirectories(folder.resolve("found"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command(found))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("Jazzer does not come to its end; see " + log);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return outcome(process.exitValue(), log, found);
  }

  private List<String> command(Path found) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "-Djdk.attach.allowAttachSelf=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    if (seconds < SHORT_SECONDS) { // the JVM's best code would come too late
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(
        List.of(
            "-cp",
            classPath(),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + ParserTarget.class.getName(),
            "--target_args=" + once() + " " + names(" "),
            "--instrumentation_includes=" + GUIDES,
            "--instrumentation_excludes=points.trials.**",
            "--custom_hook_includes=points.**",
            // They watch for SQL, LDAP and the like, which no reader has; to prepare them takes
            // longer than the rest of the start.
            "--disabled_hooks=" + String.join(File.pathSeparator, Constants.SANITIZER_HOOK_NAMES),
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + found + File.separator,
            "-dict=" + dictionary(),
            "-seed=" + seed,
            "-max_total_time=" + seconds,
            "-max_len=" + LENGTH_MAX,
            // By the clock: only for what would never end. The target measures the processor's.
            "-timeout=60",
            "-rss_limit_mb=2048",
            Files.createDirectories(folder.resolve("made")).toString(),
            good().toString()));
    return command;
  }

  /**
   * Without the largest jars that no reader needs: Jazzer looks through all of them at its start.
   */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !UNNEEDED.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private String names(String separator) {
    return readers.stream().map(Readers.Reader::name).collect(Collectors.joining(separator));
  }

  private Path dictionary() throws IOException {
    Set<String> lines = new LinkedHashSet<>();
    for (Readers.Reader reader : readers) {
      for (String word : reader.dictionary()) {
        StringBuilder line = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
          line.append("\\x%02x".formatted(b));
        }
        lines.add("\"" + line + "\"");
      }
    }
    return Files.write(folder.resolve("dictionary"), lines);
  }

  private Path good() throws IOException {
    return written("good", reader -> reader.corpus().get());
  }

  /** What was found in the past, and long texts. */
  private Path once() throws IOException {
    Path place = written("once", this::longTexts);
    for (String name : FOUND) {
      try (InputStream text = Fuzzer.class.getResourceAsStream("found/" + name)) {
        Files.copy(Objects.requireNonNull(text, name), place.resolve(name));
      }
    }
    return place;
  }

  /** Good ones with a word many times over in the middle, which chance hardly comes to. */
  private List<String> longTexts(Readers.Reader reader) {
    String good = reader.corpus().get().getFirst();
    int middle = good.length() / 2;
    List<String> words = new ArrayList<>(reader.dictionary());
    Collections.shuffle(words, new Random(seed));
    return words.stream()
        .limit(longTexts)
        .map(word -> good.substring(0, middle) + word.repeat(REPEATS) + good.substring(middle))
        .toList();
  }

  private Path written(String name, Function<Readers.Reader, List<String>> texts)
      throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    for (Readers.Reader reader : readers) {
      int count = 0;
      for (String text : texts.apply(reader)) {
        Files.writeString(place.resolve(reader.name() + "-" + count++), text);
      }
    }
    return place;
  }

  private Outcome outcome(int exit, Path log, Path found) throws IOException {
    // What it prints of a text need not be UTF-8.
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    if (exit == EXIT_FINDING
        || exit == EXIT_TIMEOUT
        || lines.stream().anyMatch(line -> line.startsWith("== Java Exception"))) {
      return new Outcome.Finding(
          "%s:%n  %s%n  the text is in %s".formatted(names(", "), said(lines), kept(found)));
    }
    Optional<String> lacking =
        lines.stream().filter(line -> line.contains("UnsatisfiedLinkError")).findFirst();
    if (lacking.isPresent()) {
      return new Outcome.Unavailable(lacking.get());
    }
    for (String line : lines) {
      Matcher done = DONE.matcher(line);
      if (exit == 0 && done.find()) {
        return new Outcome.Done(Long.parseLong(done.group(1)), Long.parseLong(done.group(2)));
      }
    }
    throw new IOException("Jazzer ended with " + exit + "; see " + log);
  }

  private static String said(List<String> lines) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith("== Java Exception") && !line.startsWith("ALARM"))
        .takeWhile(line -> !line.startsWith("Caused by:"))
        .limit(LINES)
        // It may hold what strangers write, and goes to a terminal.
        .map(line -> line.substring(0, Math.min(COLUMNS, line.length())))
        .map(line -> line.replaceAll("[^ -~]", " "))
        .collect(Collectors.joining("\n  "));
  }

  private static String kept(Path found) throws IOException {
    try (Stream<Path> files = Files.list(found)) {
      return files.map(Path::toString).sorted().collect(Collectors.joining(", "));
    }
  }
}
