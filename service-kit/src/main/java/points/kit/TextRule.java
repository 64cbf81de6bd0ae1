package points.kit;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which texts a field accepts. Declare one as a constant and reuse it. Immutable.
 *
 * @param lengthMin in UTF-16 units
 * @param lengthMax in UTF-16 units
 * @param allowed decides on texts of such a length; must be quick, as it sees hostile input
 * @param expected completes the sentence "must be …", for example {@code 1 to 64 of [a-z0-9._-]}
 */
public record TextRule(int lengthMin, int lengthMax, Predicate<String> allowed, String expected) {

  /** Users, partners, spaces: the part of an account after its kind. */
  public static final TextRule PERSON =
      matching("[A-Za-z0-9._~-]{1,64}", 64, "1 to 64 characters of A-Z a-z 0-9 . _ ~ -");

  public TextRule {
    if (lengthMin < 0 || lengthMax < lengthMin) {
      throw new IllegalArgumentException("lengths " + lengthMin + " to " + lengthMax);
    }
  }

  /** Texts that match the regular expression as a whole. */
  public static TextRule matching(String regex, int lengthMax, String expected) {
    return new TextRule(0, lengthMax, Pattern.compile(regex).asMatchPredicate(), expected);
  }

  /** Visible ASCII, so neither spaces nor control characters. */
  public static TextRule visibleAscii(int lengthMin, int lengthMax) {
    return new TextRule(
        lengthMin,
        lengthMax,
        text -> text.chars().allMatch(c -> c > ' ' && c < 127),
        lengthMin + " to " + lengthMax + " visible ASCII characters");
  }

  /** Anything of such a length. */
  public static TextRule anything(int lengthMin, int lengthMax) {
    return new TextRule(
        lengthMin, lengthMax, text -> true, lengthMin + " to " + lengthMax + " characters");
  }

  /** Whether the text is one of these. */
  public boolean accepts(String text) {
    return text.length() >= lengthMin && text.length() <= lengthMax && allowed.test(text);
  }
}
