package points.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
   * @throws SettingsException if the folder cannot be read or a rule is wrong; rules that come
   *     before it in the order of the alphabet are in force then
   */
  static void load(Path folder, RuleReader reader, RuleStore store) {
    for (Path file : files(folder)) {
      try {
        String text = Files.readString(file);
        CheckedRule rule = reader.read(text);
        store.adopt(rule.rule().name(), text);
      } catch (IOException e) {
        throw new SettingsException("The rule " + file + " cannot be read: " + e.getMessage());
      } catch (RuleRefused e) {
        throw new SettingsException("The rule " + file + " is wrong: " + e.getMessage());
      }
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
