package points.connect;

import java.util.Locale;
import points.kit.ErrorCode;

/** The errors that only Connect answers with. */
enum ConnectError implements ErrorCode {
  EVENT_CONFLICT(409, "Another event has this source and id"),
  RULE_REFUSED(422, "The rule cannot be saved"),
  FOUR_EYES(403, "Another person has to do this"),
  NOT_RETRYABLE(409, "This RewardAction cannot be retried"),
  NOT_SETTLEABLE(409, "This RewardAction does not wait for this"),
  NOT_REDRIVABLE(409, "This dead letter cannot be redriven"),
  LETTER_CLOSED(409, "This dead letter is closed");

  private final int status;
  private final String title;

  ConnectError(int status, String title) {
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
