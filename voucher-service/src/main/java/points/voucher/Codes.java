package points.voucher;

import java.security.SecureRandom;

/** Codes of vouchers: nobody guesses one, and people can read them out. */
final class Codes {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Without those that look like another one. */
  private static final String LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int GROUPS = 4;
  private static final int GROUP_LENGTH = 4;

  private Codes() {}

  /** A new one of 78 random bits, like {@code 7KQ2-M8XT-4RWD-9HNB}. */
  static String next() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < GROUPS * GROUP_LENGTH; i++) {
      if (i > 0 && i % GROUP_LENGTH == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }
}
