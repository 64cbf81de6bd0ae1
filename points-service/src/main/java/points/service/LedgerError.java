package points.service;

import java.util.Locale;
import points.kit.ErrorCode;
import points.ledger.Refusal;

/** The errors that are Points Service's own; {@code docs/reference/errors.md} explains each. */
enum LedgerError implements ErrorCode {
  NOT_OWNER(403, "Another source's"),
  HOLD_NOT_FOUND(404, "No such hold"),
  TRANSACTION_NOT_FOUND(404, "No such transaction"),
  EXTERNAL_ID_CONFLICT(409, "The external id was used for something else"),
  INSUFFICIENT_POINTS(422, "Not enough points"),
  HOLD_NOT_ACTIVE(422, "The hold is no longer active"),
  CAPTURE_EXCEEDS_HOLD(422, "More than is on hold"),
  REFUND_EXCEEDS_CHARGE(422, "More than was charged"),
  ALREADY_REVERSED(422, "Nothing is left to reverse"),
  ACCOUNT_FROZEN(422, "The account is frozen"),
  BALANCE_LIMIT(422, "The balance would grow too large"),
  LIMIT_EXCEEDED(422, "A limit would be exceeded");

  private final int status;
  private final String title;

  LedgerError(int status, String title) {
    this.status = status;
    this.title = title;
  }

  @Override
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public boolean retryable() {
    return false;
  }

  static LedgerError of(Refusal.Code code) {
    return switch (code) {
      case INSUFFICIENT_POINTS -> INSUFFICIENT_POINTS;
      case HOLD_NOT_ACTIVE -> HOLD_NOT_ACTIVE;
      case CAPTURE_EXCEEDS_HOLD -> CAPTURE_EXCEEDS_HOLD;
      case REFUND_EXCEEDS_CHARGE -> REFUND_EXCEEDS_CHARGE;
      case ALREADY_REVERSED -> ALREADY_REVERSED;
      case ACCOUNT_FROZEN -> ACCOUNT_FROZEN;
      case BALANCE_LIMIT -> BALANCE_LIMIT;
      case LIMIT_EXCEEDED -> LIMIT_EXCEEDED;
    };
  }
}
