package points.client;

/**
 * What an account has, in points, each 0 to 2^53 − 1. Immutable.
 *
 * @param available can be spent
 * @param held is set aside by holds
 * @param pending can be spent later
 * @param debt is owed, and repaid first by future credits
 * @param total available + held + pending
 */
public record Balance(long available, long held, long pending, long debt, long total) {}
