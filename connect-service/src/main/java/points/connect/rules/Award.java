package points.connect.rules;

/**
 * What a matching rule wants to give to one account, before its limits. Immutable.
 *
 * @param rewardIndex which of the rule's rewards, from 0
 * @param reward as it is written
 * @param account who gets it
 * @param points at least 1
 */
public record Award(int rewardIndex, Reward reward, String account, long points) {}
