package points.kit;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be set, declared once as a constant. Immutable.
 *
 * @param key like {@code http.port}: lower-case words joined by dots and underscores
 * @param allowed completes "must be …", for people
 * @param parser gives the value of a text, or null where the text is not allowed
 * @param fallback the default as a text; null for none
 * @param description one sentence for the reference
 * @param secret whether its value must never be shown
 */
public record Setting<T>(
    String key,
    String allowed,
    Parser<T> parser,
    @Nullable String fallback,
    String description,
    boolean secret) {

  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  /** Reads the text of a value. */
  @FunctionalInterface
  public interface Parser<T> {
    /** The value, or null where the text is not allowed. */
    @Nullable T parse(String text);
  }

  public Setting {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a key: " + key);
    }
  }

  /** A whole number. */
  public static Setting<Integer> integer(
      String key, int min, int max, int fallback, String description) {
    return new Setting<>(
        key,
        "a whole number from " + min + " to " + max,
        text -> parseInteger(text, min, max),
        Integer.toString(fallback),
        description,
        false);
  }

  /** A TCP port; 0 lets the system choose one. */
  public static Setting<Integer> port(String key, int fallback, String description) {
    return integer(key, 0, 65_535, fallback, description);
  }

  /**
   * A length of time, written like {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}.
   */
  public static Setting<Duration> duration(
      String key, Duration min, Duration max, Duration fallback, String description) {
    return new Setting<>(
        key,
        "a time from " + show(min) + " to " + show(max) + ", written like 500ms, 30s, 5m, 1h or 1d",
        text -> parseDuration(text, min, max),
        show(fallback),
        description,
        false);
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> flag(String key, boolean fallback, String description) {
    return new Setting<>(
        key,
        "true or false",
        text -> List.of("true", "false").contains(text) ? (Boolean) text.equals("true") : null,
        Boolean.toString(fallback),
        description,
        false);
  }

  /** One of the enum's constants, in lower case. */
  public static <E extends Enum<E>> Setting<E> choice(
      String key, Class<E> type, E fallback, String description) {
    List<E> constants = List.of(type.getEnumConstants());
    return new Setting<>(
        key,
        "one of " + String.join(", ", constants.stream().map(Setting::lower).toList()),
        text -> constants.stream().filter(c -> lower(c).equals(text)).findFirst().orElse(null),
        lower(fallback),
        description,
        false);
  }

  /** Any text that is not empty. */
  public static Setting<String> text(String key, @Nullable String fallback, String description) {
    return new Setting<>(
        key, "a text", text -> text.isEmpty() ? null : text, fallback, description, false);
  }

  /** Items separated by commas, spaces around them not counting. */
  public static Setting<List<String>> list(
      String key, @Nullable String fallback, String description) {
    return new Setting<>(
        key, "items separated by commas", Setting::parseList, fallback, description, false);
  }

  /** The address of a service, without query or fragment. */
  public static Setting<URI> address(String key, @Nullable String fallback, String description) {
    return new Setting<>(
        key,
        "an address like http://127.0.0.1:8080 or https://points.example",
        Setting::parseAddress,
        fallback,
        description,
        false);
  }

  /** A text that is never shown, and has no default. */
  public static Setting<Secret> secret(String key, String description) {
    return new Setting<>(
        key, "a text", text -> text.isEmpty() ? null : new Secret(text), null, description, true);
  }

  /**
   * The name of the environment variable: {@code POINTS_HTTP_PORT} for the prefix {@code POINTS}.
   */
  public String environmentName(String prefix) {
    return prefix + "_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Integer parseInteger(String text, int min, int max) {
    Long value = FieldText.integer(text);
    return value == null || value < min || value > max ? null : (Integer) value.intValue();
  }

  private static @Nullable Duration parseDuration(String text, Duration min, Duration max) {
    var match = DURATION.matcher(text);
    if (!match.matches()) {
      return null;
    }
    long count = Long.parseLong(match.group(1));
    Duration value =
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return value.compareTo(min) < 0 || value.compareTo(max) > 0 ? null : value;
  }

  private static @Nullable URI parseAddress(String text) {
    try {
      URI address = new URI(text);
      boolean plain =
          List.of("http", "https").contains(String.valueOf(address.getScheme()))
              && address.getHost() != null
              && address.getRawUserInfo() == null
              && address.getRawQuery() == null
              && address.getRawFragment() == null;
      return plain ? address : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static List<String> parseList(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** The shortest form that {@link #parseDuration} reads back. */
  private static String show(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    if (duration.toSecondsPart() != 0 || duration.isZero()) {
      return duration.toSeconds() + "s";
    }
    if (duration.toMinutesPart() != 0) {
      return duration.toMinutes() + "m";
    }
    return duration.toHours() % 24 == 0 ? duration.toDays() + "d" : duration.toHours() + "h";
  }
}
