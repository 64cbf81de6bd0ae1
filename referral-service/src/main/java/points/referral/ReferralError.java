package points.referral;

import java.util.Locale;
import points.kit.ErrorCode;

/** What can be wrong with joining and rising. */
enum ReferralError implements ErrorCode {
  ALREADY_MEMBER(409, "Nobody joins twice"),
  STATE_CONFLICT(409, "The member's status does not allow this"),
  UNKNOWN_CODE(422, "Nobody has this code"),
  SELF_REFERRAL(422, "Nobody invites themselves");

  private final int status;
  private final String title;

  ReferralError(int status, String title) {
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
