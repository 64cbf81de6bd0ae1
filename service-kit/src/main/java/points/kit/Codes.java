package points.kit;

import java.security.SecureRandom;

/** Random codes that nobody guesses and that people can read out. Safe for use by many threads. */
public final class Codes {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Without those that look like another one. */
  private static final String LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int GROUP_LENGTH = 4;

  private Codes() {}

  /**
   * A new one, like {@code 7KQ2-M8XT}.
   *
   * @param groups of four letters, each of which has 19 random bits
   */
  public static String next(int groups) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < groups * GROUP_LENGTH; i++) {
      if (i > 0 && i % GROUP_LENGTH == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }
}
