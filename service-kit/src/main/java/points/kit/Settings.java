package points.kit;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values of a service's settings. Each comes from the last of these that names it: its default,
 * the file, the environment, the command line. All are checked at once, so a service that has its
 * settings can trust them. Immutable.
 */
public final class Settings {

  private record Given(String text, String origin) {}

  private final Map<String, Given> given;
  private final Map<String, Object> values;

  private Settings(Map<String, Given> given, Map<String, Object> values) {
    this.given = given;
    this.values = values;
  }

  /**
   * Starts the settings of a service.
   *
   * @param prefix of its environment variables, for example {@code POINTS}
   * @param declared all that can be set; keys are unique
   */
  public static Builder of(String prefix, Collection<? extends Setting<?>> declared) {
    return new Builder(prefix, declared);
  }

  /**
   * The value of a setting.
   *
   * @throws SettingsException if it has neither a value nor a default
   */
  public <T> T get(Setting<T> setting) {
    T value = find(setting);
    if (value == null) {
      throw new SettingsException(
          setting.key() + " is not set: it must be " + setting.allowed() + ".");
    }
    return value;
  }

  /** The value of a setting; null where it has neither a value nor a default. */
  @SuppressWarnings("unchecked") // values holds what the setting's own parser made
  public <T> @Nullable T find(Setting<T> setting) {
    return (T) values.get(setting.key());
  }

  /** Where the value comes from, for people: {@code the default}, {@code the file x}, … */
  public String origin(Setting<?> setting) {
    Given from = given.get(setting.key());
    return from == null ? "the default" : from.origin();
  }

  /** The settings as a Markdown table, for the reference; ends with a line feed. */
  public static String markdown(String prefix, Collection<? extends Setting<?>> declared) {
    StringBuilder table =
        new StringBuilder("| setting | environment | default | allowed | what it does |\n")
            .append("| --- | --- | --- | --- | --- |\n");
    for (Setting<?> setting : declared) {
      String fallback = setting.fallback() == null ? "" : "`" + setting.fallback() + "`";
      table
          .append("| `" + setting.key() + "` | `" + setting.environmentName(prefix) + "` | ")
          .append(cell(fallback) + " | " + cell(setting.allowed()))
          .append((setting.secret() ? " (a secret)" : "") + " | ")
          .append(cell(setting.description()) + " |\n");
    }
    return table.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  /** Notes the keys that a file has more than once, where Java would take the last. */
  private static final class NotingProperties extends Properties {
    private static final long serialVersionUID = 1L;
    private final transient Set<String> twice;

    NotingProperties(Set<String> twice) {
      this.twice = twice;
    }

    @Override
    public synchronized @Nullable Object put(Object key, Object value) {
      if (containsKey(key)) {
        twice.add(key.toString());
      }
      return super.put(key, value);
    }

    @Override
    public synchronized boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public synchronized int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Collects where values come from. Not safe for use by several threads. */
  public static final class Builder {

    private final String prefix;
    private final Map<String, Setting<?>> declared = new LinkedHashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private Map<String, String> environment = Map.of();
    private final Map<String, Given> suggestions = new LinkedHashMap<>();
    private final Map<String, Given> overrides = new LinkedHashMap<>();
    private @Nullable String file;

    private Builder(String prefix, Collection<? extends Setting<?>> settings) {
      this.prefix = prefix;
      for (Setting<?> setting : settings) {
        if (declared.put(setting.key(), setting) != null) {
          throw new IllegalArgumentException("declared twice: " + setting.key());
        }
      }
      foreign.add(prefix + "_CONFIG");
    }

    /** The variables to read, as a rule {@code System.getenv()}. */
    public Builder environment(Map<String, String> variables) {
      environment = Map.copyOf(variables);
      return this;
    }

    /** Variables that begin with the prefix but are somebody else's, such as the launcher's. */
    public Builder ignoring(String... variables) {
      foreign.addAll(List.of(variables));
      return this;
    }

    /** The file to read, in the format of Java properties, UTF-8. */
    public Builder file(Path path) {
      file = path.toString();
      return this;
    }

    /**
     * A default that is known only now, if there is such a setting; file and environment win.
     *
     * @param origin where it comes from, for people
     */
    public Builder suggest(String key, String value, String origin) {
      if (declared.containsKey(key)) {
        suggestions.put(key, new Given(value, origin));
      }
      return this;
    }

    /**
     * What other settings say of this one is the default here, secrets included; where they say
     * nothing, so does this.
     */
    public Builder inherit(Settings others, Setting<?> setting) {
      Given value = others.given.get(setting.key());
      if (value != null) {
        suggestions.put(setting.key(), value);
      }
      return this;
    }

    /** A value that wins over file and environment. */
    public Builder override(String key, String value) {
      overrides.put(key, new Given(value, "the command line"));
      return this;
    }

    /**
     * Arguments of the form {@code --http.port=8080} or {@code --http.port 8080}; {@code --config}
     * names the file.
     */
    public Builder arguments(List<String> arguments) {
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        if (!argument.startsWith("--")) {
          throw new SettingsException(
              "The command line has '" + Excerpt.of(argument) + "': write --key=value.");
        }
        int equals = argument.indexOf('=');
        if (equals < 0 && i + 1 == arguments.size()) {
          throw new SettingsException(Excerpt.of(argument) + " on the command line has no value.");
        }
        String key = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
        String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
        if (key.equals("config")) {
          file = value;
        } else {
          override(key, value);
        }
      }
      return this;
    }

    /**
     * Reads and checks everything.
     *
     * @throws SettingsException for a value that is not allowed, or a name that nobody declared
     */
    public Settings load() {
      Map<String, Given> given = new HashMap<>();
      addAll(given, suggestions);
      String path = file == null ? environment.get(prefix + "_CONFIG") : file;
      if (path != null) {
        addFile(given, path);
      }
      addEnvironment(given);
      addAll(given, overrides);
      Map<String, Object> values = new HashMap<>();
      for (Setting<?> setting : declared.values()) {
        Object value = value(setting, given.get(setting.key()));
        if (value != null) {
          values.put(setting.key(), value);
        }
      }
      return new Settings(Map.copyOf(given), Map.copyOf(values));
    }

    private void addAll(Map<String, Given> given, Map<String, Given> more) {
      more.forEach(
          (key, value) -> {
            requireDeclared(key, value.origin());
            given.put(key, value);
          });
    }

    private void addFile(Map<String, Given> given, String path) {
      Set<String> twice = new TreeSet<>();
      Properties properties = new NotingProperties(twice);
      try (Reader reader = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException(
            "The settings file "
                + path
                + " cannot be read ("
                + e.getClass().getSimpleName()
                + ").");
      }
      String origin = "the file " + path;
      if (!twice.isEmpty()) {
        throw new SettingsException(
            Excerpt.of(String.join(", ", twice)) + " is in " + origin + " twice.");
      }
      for (String key : properties.stringPropertyNames()) {
        requireDeclared(key, origin);
        given.put(key, new Given(properties.getProperty(key).strip(), origin));
      }
    }

    private void addEnvironment(Map<String, Given> given) {
      Map<String, String> keys = new HashMap<>();
      declared.forEach((key, setting) -> keys.put(setting.environmentName(prefix), key));
      for (var variable : new TreeMap<>(environment).entrySet()) {
        String name = variable.getKey();
        if (!name.startsWith(prefix + "_") || foreign.contains(name)) {
          continue;
        }
        String key = keys.get(name);
        if (key == null) {
          throw new SettingsException(
              "The environment variable " + Excerpt.of(name) + " is no setting: " + known());
        }
        given.put(key, new Given(variable.getValue(), "the environment variable " + name));
      }
    }

    private void requireDeclared(String key, String origin) {
      if (!declared.containsKey(key)) {
        throw new SettingsException(
            Excerpt.of(key) + " in " + origin + " is no setting: " + known());
      }
    }

    private String known() {
      return "known are " + String.join(", ", declared.keySet()) + ".";
    }

    private static @Nullable Object value(Setting<?> setting, @Nullable Given from) {
      String text = from == null ? setting.fallback() : from.text();
      if (text == null) {
        return null;
      }
      Object value = setting.parser().parse(text);
      if (value == null) {
        String shown = setting.secret() ? "" : " '" + Excerpt.of(text) + "'";
        throw new SettingsException(
            setting.key()
                + (from == null ? " by default" : " from " + from.origin())
                + " has a wrong value"
                + shown
                + ": it must be "
                + setting.allowed()
                + ".");
      }
      return value;
    }
  }
}
