package points.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an operation as its caller gave them: what a repetition must give again. {@code
 * null} where the verb has no such parameter or the caller left it out.
 *
 * @param transactionId the transaction that a refund or reversal refers to
 * @param amount as asked for; what was moved may be another number
 */
public record Request(
    Verb verb,
    @Nullable AccountId account,
    @Nullable UUID holdId,
    @Nullable UUID transactionId,
    @Nullable Long amount,
    @Nullable Instant expiresAt,
    @Nullable Instant availableAt,
    @Nullable Integer expiresInSeconds,
    @Nullable Boolean isFinal,
    @Nullable ReversePolicy policy) {

  /** The parameters of {@code operation}. */
  public static Request of(Operation operation) {
    Verb verb = operation.verb();
    return switch (operation) {
      case Operation.Credit c ->
          new Request(
              verb,
              c.account(),
              null,
              null,
              c.amount(),
              c.expiresAt(),
              c.availableAt(),
              null,
              null,
              null);
      case Operation.Debit d -> onAccount(verb, d.account(), d.amount(), null);
      case Operation.PlaceHold h -> onAccount(verb, h.account(), h.amount(), h.expiresInSeconds());
      case Operation.Adjust a -> onAccount(verb, a.account(), a.amount(), null);
      case Operation.Capture c -> onHold(verb, c.holdId(), c.amount(), c.isFinal());
      case Operation.Release r -> onHold(verb, r.holdId(), null, null);
      case Operation.ExpireHold e -> onHold(verb, e.holdId(), null, null);
      case Operation.Refund r -> onTransaction(verb, r.transactionId(), r.amount(), null);
      case Operation.Reverse r -> onTransaction(verb, r.transactionId(), r.amount(), r.policy());
      case Operation.Activate a -> onTransaction(verb, a.transactionId(), null, null);
      case Operation.ExpireLot e -> onTransaction(verb, e.transactionId(), null, null);
    };
  }

  private static Request onAccount(
      Verb verb, AccountId account, long amount, @Nullable Integer expiresInSeconds) {
    return new Request(verb, account, null, null, amount, null, null, expiresInSeconds, null, null);
  }

  private static Request onHold(
      Verb verb, UUID holdId, @Nullable Long amount, @Nullable Boolean isFinal) {
    return new Request(verb, null, holdId, null, amount, null, null, null, isFinal, null);
  }

  private static Request onTransaction(
      Verb verb, UUID transactionId, @Nullable Long amount, @Nullable ReversePolicy policy) {
    return new Request(verb, null, null, transactionId, amount, null, null, null, null, policy);
  }

  /** The names, as the HTTP contract has them, of the parameters in which two requests differ. */
  public List<String> differing(Request other) {
    List<String> names = new ArrayList<>();
    compare(names, "verb", verb, other.verb);
    compare(names, "account", account, other.account);
    compare(names, "hold_id", holdId, other.holdId);
    compare(names, "transaction_id", transactionId, other.transactionId);
    compare(names, "amount", amount, other.amount);
    compare(names, "expires_at", expiresAt, other.expiresAt);
    compare(names, "available_at", availableAt, other.availableAt);
    compare(names, "expires_in", expiresInSeconds, other.expiresInSeconds);
    compare(names, "final", isFinal, other.isFinal);
    compare(names, "policy", policy, other.policy);
    return names;
  }

  private static void compare(
      List<String> names, String name, @Nullable Object mine, @Nullable Object theirs) {
    if (!Objects.equals(mine, theirs)) {
      names.add(name);
    }
  }
}
