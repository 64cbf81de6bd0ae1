package points.connect.rules;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Takes the keys of a YAML mapping one by one. What is wrong is collected with its line and column;
 * {@link #done()} adds the keys that nobody asked for. A value in error reads as a harmless one.
 */
final class YamlMap {
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,7})(s|m|h|d)");

  private final String path;
  private final Node node;
  private final List<Mistake> mistakes;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

  YamlMap(String path, Node node, List<Mistake> mistakes) {
    this.path = path;
    this.node = node;
    this.mistakes = mistakes;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::enter);
    } else {
      refuse(node, path.isEmpty() ? "rule" : path, "must be a mapping of keys to values");
    }
  }

  private void enter(NodeTuple entry) {
    Node key = entry.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      refuse(key, path.isEmpty() ? "rule" : path, "has a key that is not a plain word");
    } else if (entries.putIfAbsent(scalar.getValue(), entry) != null) {
      refuse(key, name(scalar.getValue()), "is there twice");
    }
  }

  /** The full name of a key of this mapping. */
  String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  @Nullable Node take(String key) {
    NodeTuple entry = entries.remove(key);
    return entry == null ? null : entry.getValueNode();
  }

  /** The text of a scalar, and where it is; null where it is absent or in error. */
  @Nullable Scalar scalar(String key) {
    Node value = take(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof ScalarNode scalar)) {
      refuse(value, name(key), "must be a single value");
      return null;
    }
    return scalar(name(key), scalar);
  }

  /** What a node says, and where. */
  static Scalar scalar(String field, ScalarNode node) {
    return new Scalar(
        field,
        node.getValue(),
        node.getScalarStyle() == org.yaml.snakeyaml.DumperOptions.ScalarStyle.PLAIN,
        line(node),
        column(node));
  }

  Scalar required(String key) {
    boolean there = entries.containsKey(key);
    Scalar value = scalar(key);
    if (value == null && !there) {
      refuse(node, name(key), "is missing");
    }
    return value == null ? new Scalar(name(key), "", false, line(node), column(node)) : value;
  }

  String text(String key, Pattern allowed, String expected, @Nullable String absent) {
    Scalar value = absent == null ? required(key) : scalar(key);
    if (value == null) {
      return absent == null ? "" : absent;
    }
    if (!allowed.matcher(value.text()).matches()) {
      refuse(value, "must be " + expected);
    }
    return value.text();
  }

  @Nullable Long integer(String key, long max) {
    Scalar value = scalar(key);
    if (value == null) {
      return null;
    }
    if (!INTEGER.matcher(value.text()).matches()
        || Long.parseLong(value.text()) < 1
        || Long.parseLong(value.text()) > max) {
      refuse(value, "must be a whole number from 1 to " + max);
      return 1L;
    }
    return Long.valueOf(value.text());
  }

  @Nullable Duration duration(@Nullable Scalar value) {
    if (value == null) {
      return null;
    }
    var match = DURATION.matcher(value.text());
    if (!match.matches() || Long.parseLong(match.group(1)) == 0) {
      refuse(value, "must be a time written like 30s, 5m, 12h or 365d");
      return Duration.ofSeconds(1);
    }
    long count = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  @Nullable Instant instant(String key) {
    Scalar value = scalar(key);
    if (value == null) {
      return null;
    }
    try {
      Instant time = Instant.parse(value.text()).truncatedTo(ChronoUnit.MICROS);
      if (value.text().endsWith("Z") && value.text().length() <= 30) {
        return time;
      }
    } catch (DateTimeException e) {
      // said below
    }
    refuse(value, "must be a time in UTC like 2026-11-22T18:00:00Z");
    return Instant.EPOCH;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, @Nullable E absent) {
    Scalar value = absent == null ? required(key) : scalar(key);
    E[] constants = type.getEnumConstants();
    List<String> names = new ArrayList<>();
    for (E constant : constants) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (value != null && name.equals(value.text())) {
        return constant;
      }
      names.add(name);
    }
    if (value != null && !value.text().isEmpty()) {
      refuse(value, "must be one of " + String.join(", ", names));
    }
    return absent == null ? constants[0] : absent;
  }

  @Nullable YamlMap map(String key) {
    Node value = take(key);
    return value == null ? null : new YamlMap(name(key), value, mistakes);
  }

  List<Node> sequence(String key, int max) {
    Node value = take(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof SequenceNode list)
        || list.getValue().isEmpty()
        || list.getValue().size() > max) {
      refuse(value, name(key), "must be a list of 1 to " + max + " items");
      return List.of();
    }
    return list.getValue();
  }

  List<YamlMap> maps(String key, int max) {
    List<YamlMap> maps = new ArrayList<>();
    for (Node item : sequence(key, max)) {
      maps.add(new YamlMap(name(key) + "[" + maps.size() + "]", item, mistakes));
    }
    return maps;
  }

  void refuse(Scalar at, String message) {
    mistakes.add(new Mistake(at.field(), at.line(), at.column(), message));
  }

  void refuse(Node at, String field, String message) {
    mistakes.add(new Mistake(field, line(at), column(at), message));
  }

  /** Says that the mapping as a whole will not do. */
  void refuseWhole(String message) {
    refuse(node, path.isEmpty() ? "rule" : path, message);
  }

  /** Adds the keys that nobody asked for. */
  void done() {
    entries.forEach(
        (key, entry) ->
            refuse(
                entry.getKeyNode(),
                name(key.length() > 40 ? key.substring(0, 40) + "…" : key),
                "is not a key that a rule has here"));
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  static int column(Node node) {
    return node.getStartMark().getColumn() + 1;
  }
}
