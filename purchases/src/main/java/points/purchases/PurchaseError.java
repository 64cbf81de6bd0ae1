package points.purchases;

import java.util.Locale;
import points.kit.ErrorCode;

/** What can be wrong with a purchase, beside what Points says. */
public enum PurchaseError implements ErrorCode {
  REQUEST_ID_CONFLICT(409, "This request_id was used for another order"),
  STATE_CONFLICT(409, "The purchase is in a state that does not allow this"),
  HOLD_EXPIRED(409, "The hold ended before the purchase was confirmed"),
  SOLD_OUT(409, "There is none left"),
  DATES_TAKEN(409, "The dates are taken");

  private final int status;
  private final String title;

  PurchaseError(int status, String title) {
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
}
