package points.connect.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an event brings: actions, and what limits kept back. Immutable.
 *
 * @param actions in the order of rules and rewards
 * @param cuts what limits kept back
 */
public record Decision(List<RewardAction> actions, List<Cut> cuts) {

  /**
   * An award that a limit made less.
   *
   * @param rule the name of the rule
   * @param award what was wanted
   * @param granted what was given, 0 for nothing
   * @param by the limit
   */
  public record Cut(String rule, Award award, long granted, Limit by) {}

  public Decision {
    actions = List.copyOf(actions);
    cuts = List.copyOf(cuts);
  }

  /**
   * What besides limits is taken into account.
   *
   * @param now from when on the points' own times count
   * @param cancelled whether what this rule gives for the event has been cancelled already
   * @param types of rewards that somebody dispatches
   */
  public record Terms(Instant now, Predicate<String> cancelled, Set<String> types) {}

  /**
   * Decides what is proposed within what the limits still allow.
   *
   * @param allowances of all counters that the proposal names; what is given is counted
   */
  public static Decision of(Proposal proposal, Allowances allowances, Terms terms) {
    List<RewardAction> actions = new ArrayList<>();
    List<Cut> cuts = new ArrayList<>();
    for (Proposal.Match match : proposal.matches()) {
      for (Award award : match.awards()) {
        String refusal = refusal(match, award, terms);
        long points = award.points();
        if (refusal == null) {
          points = grant(proposal.event(), match, award, allowances, cuts);
        }
        if (points > 0) {
          actions.add(RewardAction.of(proposal.event(), match, award, points, terms, refusal));
        }
      }
    }
    return new Decision(actions, cuts);
  }

  private static @Nullable String refusal(Proposal.Match match, Award award, Terms terms) {
    if (terms.cancelled().test(match.rule())) {
      return RewardAction.CANCELLED;
    }
    return terms.types().contains(award.reward().type()) ? null : RewardAction.NO_DISPATCHER;
  }

  private static long grant(
      Event event, Proposal.Match match, Award award, Allowances allowances, List<Cut> cuts) {
    Limits limits = match.activation().limits();
    Allowances.Granted granted = allowances.grant(match.rule(), limits, award, event.time());
    Limit by = granted.cutBy();
    if (by != null) {
      cuts.add(new Cut(match.rule(), award, granted.points(), by));
    }
    return granted.points();
  }
}
