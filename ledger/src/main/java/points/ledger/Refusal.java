package points.ledger;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The ledger said no, and will say the same to every repetition.
 *
 * @param account the account concerned
 * @param facts the numbers that the caller is told
 * @param requestId the HTTP request that was refused first
 */
public record Refusal(
    ExternalKey key,
    Request request,
    AccountId account,
    Code code,
    Facts facts,
    Instant createdAt,
    @Nullable String requestId)
    implements Recorded {

  /** Why. */
  public enum Code {
    /** Less is available than was asked for. */
    INSUFFICIENT_POINTS,
    /** The hold was captured, released or has expired. */
    HOLD_NOT_ACTIVE,
    /** More was to be captured than remains on hold. */
    CAPTURE_EXCEEDS_HOLD,
    /** More was to be refunded than is left of the charge. */
    REFUND_EXCEEDS_CHARGE,
    /** Nothing is left of the credit to take back. */
    ALREADY_REVERSED,
    /** The account is frozen. */
    ACCOUNT_FROZEN,
    /** A balance or debt would pass {@link Limits#BALANCE_MAX}. */
    BALANCE_LIMIT,
    /** A ceiling would be passed. */
    LIMIT_EXCEEDED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and SQL. */
    public String wire() {
      return wire;
    }

    /**
     * The code of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Code of(String wire) {
      return valueOf(wire.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * The numbers behind a refusal.
   *
   * @param available what could have been spent, with {@link Code#INSUFFICIENT_POINTS}
   * @param remaining what could still have been captured, refunded, reversed or credited
   * @param hold the hold, with {@link Code#HOLD_NOT_ACTIVE}
   */
  public record Facts(
      @Nullable Long available, @Nullable Long remaining, @Nullable HoldState hold) {
    /** No numbers. */
    public static final Facts NONE = new Facts(null, null, null);

    /** So much could have been spent. */
    static Facts available(long available) {
      return new Facts(available, null, null);
    }

    /** So much was left. */
    static Facts remaining(long remaining) {
      return new Facts(null, remaining, null);
    }

    /** This is the hold. */
    static Facts hold(HoldState hold) {
      return new Facts(null, null, hold);
    }
  }
}
