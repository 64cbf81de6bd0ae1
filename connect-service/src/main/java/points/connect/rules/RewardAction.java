package points.connect.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be given to one account because of one event, decided for good. Immutable.
 *
 * @param id deterministic, see {@link ActionIds}
 * @param rule the name of the rule
 * @param revision in which the rule decided it
 * @param rewardIndex which of its rewards, from 0
 * @param account who gets it
 * @param type {@code points}, or what another dispatcher takes
 * @param points 1 to 10^12
 * @param reason goes with the credit
 * @param availableAt null for at once
 * @param expiresAt null for never
 * @param refusal the code under which it is refused from the beginning; null where it is to be
 *     given
 */
public record RewardAction(
    UUID id,
    String rule,
    int revision,
    int rewardIndex,
    String account,
    String type,
    long points,
    String reason,
    @Nullable Instant availableAt,
    @Nullable Instant expiresAt,
    @Nullable String refusal) {

  /** Beyond it, nobody can write down a time. */
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  /** Its event was cancelled before it came. */
  public static final String CANCELLED = "cancelled";

  /** Nobody takes rewards of its type. */
  public static final String NO_DISPATCHER = "no_dispatcher";

  static RewardAction of(
      Event event,
      Proposal.Match match,
      Award award,
      long points,
      Decision.Terms terms,
      @Nullable String refusal) {
    Reward reward = award.reward();
    return new RewardAction(
        ActionIds.of(
            event.source(), event.id(), match.rule(), award.rewardIndex(), award.account()),
        match.rule(),
        match.activation().revision(),
        award.rewardIndex(),
        award.account(),
        reward.type(),
        points,
        reward.reason(),
        later(terms.now(), reward.availableIn()),
        later(terms.now(), reward.expiresIn()),
        refusal);
  }

  private static @Nullable Instant later(Instant now, @Nullable Duration by) {
    if (by == null) {
      return null;
    }
    Instant then = now.plus(by);
    return then.isAfter(LAST) ? LAST : then;
  }
}
