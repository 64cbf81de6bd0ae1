package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random operations on the model, against the invariants, itself, and points counted one by one.
 */
final class RandomOperationsTest {
  private static final int SEEDS = 60;
  private static final int STEPS = 250;

  @Test
  void theInvariantsHold() {
    for (long seed : RandomOperations.seeds(SEEDS)) {
      SettableClock clock = new SettableClock();
      WatchedLedger ledger = new WatchedLedger(ledger(seed, clock, Limits.NONE));
      new RandomOperations(seed, clock).run(ledger, STEPS, (commands, outcomes) -> {});
      ledger.check();
    }
  }

  @Test
  void theModelIsEqualToItself() {
    for (long seed : RandomOperations.seeds(20)) {
      SettableClock clock = new SettableClock();
      Limits limits = new Limits(2000);
      new RandomOperations(seed, clock)
          .compare(ledger(seed, clock, limits), ledger(seed + 1, clock, limits), STEPS);
    }
  }

  @Test
  void everyVerbAndEveryRefusalOccurs() {
    Map<Verb, Integer> verbs = new EnumMap<>(Verb.class);
    Map<Refusal.Code, Integer> codes = new EnumMap<>(Refusal.Code.class);
    Map<String, Integer> kinds = new TreeMap<>();
    for (long seed = 0; seed < 10; seed++) {
      SettableClock clock = new SettableClock();
      InMemoryLedger ledger = ledger(seed, clock, new Limits(3 * Limits.AMOUNT_MAX));
      RandomOperations.Onlooker count =
          (commands, outcomes) -> {
            for (Outcome outcome : outcomes) {
              kinds.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
              if (outcome instanceof Outcome.Posted(Transaction t)) {
                verbs.merge(t.type(), 1, Integer::sum);
              } else if (outcome instanceof Outcome.Refused(Refusal r, boolean replay)) {
                codes.merge(r.code(), 1, Integer::sum);
              }
            }
          };
      new RandomOperations(seed, clock).run(ledger, STEPS, count);
    }
    assertThat(verbs).hasSize(Verb.values().length);
    assertThat(verbs.values()).allMatch(n -> n >= 5);
    // balance_limit is out of reach for a few hundred steps; the stories have it.
    assertThat(codes.keySet()).hasSize(Refusal.Code.values().length - 1);
    assertThat(kinds).hasSize(9);
  }

  @Test
  void pointsCountedOneByOneComeToTheSame() {
    for (long seed : RandomOperations.seeds(20)) {
      SettableClock clock = new SettableClock();
      InMemoryLedger ledger = ledger(seed, clock, Limits.NONE);
      RandomOperations operations = new RandomOperations(seed, clock, 60);
      Map<AccountId, Tokens> tokens = new HashMap<>();
      Map<AccountId, Integer> seen = new HashMap<>();
      operations.accounts().forEach(id -> tokens.put(id, new Tokens()));
      operations.run(
          ledger,
          STEPS,
          (commands, outcomes) -> {
            for (AccountId id : operations.accounts()) {
              follow(ledger, id, tokens.getOrDefault(id, new Tokens()), seen, clock.instant());
            }
            if (outcomes.size() == 1 && outcomes.getFirst() instanceof Outcome.Refused refused) {
              rightly(ledger, refused, tokens, clock.instant());
            }
          });
    }
  }

  private static void follow(
      InMemoryLedger ledger, AccountId id, Tokens one, Map<AccountId, Integer> seen, Instant now) {
    List<Transaction> history = ledger.history(id);
    for (Transaction t : history.subList(seen.getOrDefault(id, 0), history.size())) {
      one.apply(t);
    }
    seen.put(id, history.size());
    List<Lot> lots = ledger.lots(id);
    assertThat(lots).extracting(Lot::id).containsExactlyInAnyOrderElementsOf(one.lots());
    for (Lot lot : lots) {
      assertThat(lot.remaining()).as("%s at %s", lot, now).isEqualTo(one.inLot(lot));
    }
  }

  /** A refusal is right by the tokens too, and names the same numbers. */
  private static void rightly(
      InMemoryLedger ledger, Outcome.Refused refused, Map<AccountId, Tokens> tokens, Instant now) {
    Refusal r = refused.refusal();
    Tokens one = tokens.get(r.account());
    if (refused.replay() || one == null) {
      return;
    }
    Instant at = r.createdAt();
    assertThat(at).isAfterOrEqualTo(now);
    Long asked = r.request().amount();
    switch (r.code()) {
      case INSUFFICIENT_POINTS -> {
        assertThat(r.facts().available()).isEqualTo(one.spendable(at));
        assertThat(asked == null || Math.abs(asked) > one.spendable(at)).isTrue();
      }
      case CAPTURE_EXCEEDS_HOLD ->
          assertThat(r.facts().remaining())
              .isEqualTo(one.remaining(required(r.request().holdId())))
              .isLessThan(required(asked));
      case REFUND_EXCEEDS_CHARGE ->
          assertThat(r.facts().remaining())
              .isEqualTo(one.refundable(required(r.request().transactionId())));
      case ALREADY_REVERSED, LIMIT_EXCEEDED -> {
        Transaction credit = required(ledger.transaction(required(r.request().transactionId())));
        assertThat(r.facts().remaining()).isEqualTo(one.reversible(credit, at));
      }
      case HOLD_NOT_ACTIVE, ACCOUNT_FROZEN, BALANCE_LIMIT -> {}
    }
  }

  private static <T> T required(@Nullable T value) {
    return Objects.requireNonNull(value);
  }

  /**
   * Reading only some of an account's lots leads to the same decision, or to the demand for more.
   */
  @Test
  void aNarrowViewOfTheLotsDecidesTheSameOrAsksForMore() {
    int asked = 0;
    int same = 0;
    for (long seed : RandomOperations.seeds(20)) {
      SettableClock clock = new SettableClock();
      Random ids = new Random(seed);
      InMemoryLedger ledger = new InMemoryLedger(clock, new Ids(ids), Limits.NONE);
      NarrowLedger narrow = new NarrowLedger(ledger, clock, ids, 1 + (int) (seed & 1));
      new RandomOperations(seed, clock).run(narrow, STEPS, (commands, outcomes) -> {});
      asked += narrow.asked();
      same += narrow.same();
    }
    assertThat(asked).isPositive();
    assertThat(same).isGreaterThan(asked);
  }

  private static InMemoryLedger ledger(long seed, SettableClock clock, Limits limits) {
    return new InMemoryLedger(clock, new Ids(new Random(seed)), limits);
  }
}
