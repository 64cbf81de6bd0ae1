package points.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the contract says of single values, checked before anything is sent. */
final class Checks {
  static final long AMOUNT_MAX = 1_000_000_000_000L;
  static final int HOLD_SECONDS_MAX = 31_536_000;

  private static final Pattern ACCOUNT =
      Pattern.compile("[a-z][a-z0-9_]{0,15}:[A-Za-z0-9._~-]{1,64}");
  private static final Pattern REASON = Pattern.compile("[a-z0-9._-]{1,64}");
  private static final Pattern EXTERNAL_ID = Pattern.compile("[!-~]{1,128}");

  private Checks() {}

  static void account(String account) {
    require(
        ACCOUNT.matcher(account).matches(),
        "account must be kind:id, for example user:42; kind [a-z][a-z0-9_]{0,15}, id 1 to 64 of"
            + " [A-Za-z0-9._~-]");
  }

  static void amount(long amount) {
    require(
        amount >= 1 && amount <= AMOUNT_MAX,
        "amount must be 1 to " + AMOUNT_MAX + " points, not " + amount);
  }

  static void optionalAmount(@Nullable Long amount) {
    if (amount != null) {
      amount(amount);
    }
  }

  static void externalId(String externalId) {
    require(
        EXTERNAL_ID.matcher(externalId).matches(),
        "externalId must be 1 to 128 visible ASCII characters");
  }

  static void reason(String reason) {
    require(REASON.matcher(reason).matches(), "reason must be 1 to 64 of [a-z0-9._-]");
  }

  static void optionalReason(@Nullable String reason) {
    if (reason != null) {
      reason(reason);
    }
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** An own copy, in the same order; unlike Map.copyOf it takes null values, which JSON has. */
  static Map<String, Object> copy(Map<String, Object> metadata) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
