package points.connect.rules;

import java.util.Set;
import java.util.regex.Pattern;

/** How accounts are named, as the contract of Points has it. */
public final class Accounts {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,15}:[A-Za-z0-9._~-]{1,64}");

  /** Kinds of the ledger's own accounts, which nobody can credit. */
  private static final Set<String> RESERVED =
      Set.of("issued", "spent", "expired", "adjusted", "system");

  private Accounts() {}

  /** Whether this is the name of an account that can be credited, like {@code user:42}. */
  public static boolean isAccount(String text) {
    return text.length() <= 81
        && NAME.matcher(text).matches()
        && !RESERVED.contains(text.substring(0, text.indexOf(':')));
  }
}
