package points.referral;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who joined. Immutable.
 *
 * @param userId who
 * @param code invites others
 * @param position in the order of joining, with gaps
 * @param inviterId who invited them; null for nobody
 * @param secondId who invited the inviter; null for nobody
 * @param depth how many are above, 0 for nobody
 * @param vipAt since when they are VIP, or were; null for never
 * @param proAt since when they are PRO; null for never
 */
record Member(
    String userId,
    String code,
    long position,
    @Nullable String inviterId,
    @Nullable String secondId,
    int depth,
    Status status,
    Instant joinedAt,
    @Nullable Instant vipAt,
    @Nullable Instant proAt) {

  /** Since when they have this status, or had it; null for never. */
  @Nullable Instant since(Status which) {
    return switch (which) {
      case BASIC -> joinedAt;
      case VIP -> vipAt;
      case PRO -> proAt;
    };
  }
}
