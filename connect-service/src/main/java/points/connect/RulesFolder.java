package points.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import points.connect.postgres.RuleStore;
import points.connect.rules.CheckedRule;
import points.connect.rules.RuleReader;
import points.connect.rules.RuleRefused;
import points.kit.SettingsException;

/** Loads the operator's own rules at the start. */
final class RulesFolder {
  private RulesFolder() {}

  /**
   * Puts the rules of a folder into force, each unless its very text was known before, or people
   * look after it.
   *
   * @throws SettingsException if the folder cannot be read or a rule is wrong; none is in force
   *     then
   */
  static void load(Path folder, RuleReader reader, RuleStore store) {
    Map<Path, String> texts = new LinkedHashMap<>();
    Set<String> names = new HashSet<>(store.newest().keySet());
    for (Path file : files(folder)) {
      String text = text(file);
      texts.put(file, text);
      names.add(read(file, text, reader, name -> true).rule().name());
    }
    // All are read once more, now that the names of all are known, before the first is in force.
    Map<String, String> byName = new LinkedHashMap<>();
    texts.forEach(
        (file, text) -> byName.put(read(file, text, reader, names::contains).rule().name(), text));
    byName.forEach(store::adopt);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SettingsException("The rule " + file + " cannot be read: " + e.getMessage());
    }
  }

  private static CheckedRule read(
      Path file, String text, RuleReader reader, Predicate<String> isRule) {
    try {
      return reader.read(text, isRule);
    } catch (RuleRefused e) {
      throw new SettingsException("The rule " + file + " is wrong: " + e.getMessage());
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new SettingsException(
          "rules.folder " + folder + " cannot be read: name a folder of rules.");
    }
  }
}
