package points.trials.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A regular expression of the kind that contracts have (literals, classes, groups, counts), turned
 * round: it gives texts that it matches. Immutable.
 */
final class Pattern {
  /** How often {@code *} and {@code +} repeat at most. */
  private static final int MANY = 4;

  private sealed interface Part {}

  /** One of these characters. */
  private record OneOf(String characters) implements Part {}

  /** One of these sequences. */
  private record Group(List<List<Repeated>> choices) implements Part {}

  private record Repeated(Part part, int min, int max) {}

  private final String text;
  private final Group all;
  private int at;

  private Pattern(String text) {
    this.text = text;
    all = choices();
    if (at < text.length()) {
      throw new IllegalArgumentException("cannot be turned round: " + text);
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it has what this class does not know
   */
  static Pattern of(String text) {
    int start = text.startsWith("^") ? 1 : 0;
    int end = text.endsWith("$") ? text.length() - 1 : text.length();
    return new Pattern(text.substring(start, end));
  }

  /** A text that it matches. */
  String sample(SplittableRandom random) {
    StringBuilder out = new StringBuilder();
    append(all, random, out);
    return out.toString();
  }

  private static void append(Part part, SplittableRandom random, StringBuilder out) {
    switch (part) {
      case OneOf one ->
          out.append(one.characters().charAt(random.nextInt(one.characters().length())));
      case Group group -> {
        var choice = group.choices().get(random.nextInt(group.choices().size()));
        for (Repeated repeated : choice) {
          int count = random.nextInt(repeated.min(), repeated.max() + 1);
          for (int i = 0; i < count; i++) {
            append(repeated.part(), random, out);
          }
        }
      }
    }
  }

  private Group choices() {
    List<List<Repeated>> choices = new ArrayList<>();
    List<Repeated> current = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != ')') {
      if (text.charAt(at) == '|') {
        at++;
        choices.add(current);
        current = new ArrayList<>();
      } else {
        current.add(repeated(part()));
      }
    }
    choices.add(current);
    return new Group(choices);
  }

  private Part part() {
    char c = text.charAt(at++);
    return switch (c) {
      case '[' -> new OneOf(characters());
      case '(' -> {
        Group group = choices();
        at++; // the closing parenthesis
        yield group;
      }
      case '\\' -> new OneOf(escaped(text.charAt(at++)));
      case '.' -> new OneOf("x");
      default -> new OneOf(String.valueOf(c));
    };
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'r' -> "\r";
      case 'n' -> "\n";
      case 'd' -> "0123456789";
      default -> String.valueOf(c);
    };
  }

  private String characters() {
    StringBuilder all = new StringBuilder();
    while (text.charAt(at) != ']') {
      char from = text.charAt(at++);
      boolean isRange = text.charAt(at) == '-' && text.charAt(at + 1) != ']';
      char to = isRange ? text.charAt(at + 1) : from;
      at += isRange ? 2 : 0;
      for (char c = from; c <= to; c++) {
        all.append(c);
      }
    }
    at++;
    return all.toString();
  }

  private Repeated repeated(Part part) {
    char c = at < text.length() ? text.charAt(at) : ' ';
    switch (c) {
      case '?', '*', '+' -> {
        at++;
        return new Repeated(part, c == '+' ? 1 : 0, c == '?' ? 1 : MANY);
      }
      case '{' -> {
        int end = text.indexOf('}', at);
        String[] counts = text.substring(at + 1, end).split(",", 2);
        at = end + 1;
        int min = Integer.parseInt(counts[0]);
        return new Repeated(part, min, Integer.parseInt(counts[counts.length - 1]));
      }
      default -> {
        return new Repeated(part, 1, 1);
      }
    }
  }
}
