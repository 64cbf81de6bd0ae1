package points.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record keeps every run, and claims no more than was tried since a trial failed last. */
class RecordFileTest {
  @Test
  void whatATrialHasShownBeginsAgainWhenItFails(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("RECORD.md");
    Files.copy(Path.of("RECORD.md"), file);
    long before = runs(file);
    RecordFile record = new RecordFile(file);
    record.held("walk", 1, figures(100, 2));
    record.held("walk", 2, figures(200, 3));
    record.held("talk", 3, figures(10, 0));
    assertThat(sum(file, "walk"))
        .startsWith("| walk | 2 since ")
        .endsWith("| 300 calls | 0, so below 0.010 at 95 % | 0 |");
    record.failed("walk", 4, new AssertionError("lost | found\nand more"));
    assertThat(sum(file, "walk")).isEqualTo("| walk | 0 | | | 1 |");
    record.held("walk", 5, figures(3_000, 0));
    assertThat(sum(file, "walk")).endsWith("| 3000 calls | 0, so below 0.0010 at 95 % | 1 |");
    assertThat(sum(file, "talk")).contains("| 10 calls |");
    assertThat(runs(file)).isEqualTo(before + 5);
    assertThat(Files.readString(file)).contains("| walk | 4 | lost / found | 1 |");
  }

  private static Map<String, Long> figures(long calls, long kills) {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("calls", calls);
    figures.put("kills", kills);
    return figures;
  }

  private static long runs(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> line.startsWith("| 20")).count();
  }

  private static String sum(Path file, String trial) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("| " + trial + " |"))
        .findFirst()
        .orElseThrow();
  }
}
