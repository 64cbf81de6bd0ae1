package points.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The cumulative record: a line for every trial that held. */
final class RecordFile {
  private final @Nullable Path file;

  RecordFile(@Nullable Path file) {
    this.file = file;
  }

  void add(Trial trial, Stage stage, Verdict.Held held) throws IOException {
    if (file == null) {
      return;
    }
    StringBuilder figures = new StringBuilder();
    held.figures()
        .forEach(
            (name, value) ->
                figures
                    .append(figures.isEmpty() ? "" : ", ")
                    .append(value)
                    .append(' ')
                    .append(name));
    String line =
        "| %s | %s | %s | %d | %s | 0 |%n"
            .formatted(
                LocalDate.now(ZoneOffset.UTC), version(), trial.name(), stage.seed(), figures);
    Files.writeString(file, line, StandardOpenOption.APPEND);
  }

  private static String version() {
    String version = points.allinone.PostgresBinaries.class.getPackage().getImplementationVersion();
    return version == null ? "unpacked" : version;
  }
}
