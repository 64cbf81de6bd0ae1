package points.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one account done naively, with each point a token of its own that lies in some
 * place. Knows neither lots nor parcels, sums nor moves; only for small amounts.
 */
final class Tokens {
  /** One point. */
  private static final class Token {
    final UUID credit;
    final long number;
    final @Nullable Instant expiresAt;
    boolean pending;

    Token(UUID credit, long number, @Nullable Instant expiresAt, boolean pending) {
      this.credit = credit;
      this.number = number;
      this.expiresAt = expiresAt;
      this.pending = pending;
    }

    boolean lapsed(Instant at) {
      return expiresAt != null && !at.isBefore(expiresAt);
    }
  }

  private static final Comparator<Token> ORDER =
      Comparator.comparing((Token t) -> t.expiresAt == null ? Instant.MAX : t.expiresAt)
          .thenComparing(t -> t.number);

  private final List<Token> here = new ArrayList<>();
  private final Map<UUID, List<Token>> held = new HashMap<>();
  private final Map<UUID, List<Token>> charged = new HashMap<>();
  private final Map<UUID, Long> taken = new HashMap<>();
  private final Map<UUID, Token> sample = new HashMap<>();
  private final Set<UUID> opened = new HashSet<>();
  private long debt;
  private long credits;

  /** Does what a transaction says was done, in its own way. */
  void apply(Transaction t) {
    Request request = t.request();
    switch (t.type()) {
      case CREDIT -> credit(t);
      case ADJUST -> adjust(t);
      case DEBIT -> charged.put(t.id(), take(t.amount(), t.createdAt()));
      case HOLD -> held.put(t.id(), take(t.amount(), t.createdAt()));
      case CAPTURE -> capture(t);
      case RELEASE, EXPIRE_HOLD -> here.addAll(hold(request.holdId()).removeAllTokens());
      case REFUND -> {
        List<Token> charge = charged.getOrDefault(t.refersTo(), List.of());
        for (long i = 0; i < t.amount(); i++) {
          here.add(charge.removeLast());
        }
      }
      case REVERSE -> reverse(t);
      case ACTIVATE -> activate(t);
      case EXPIRE_LOT -> {
        List<Token> gone = here.stream().filter(x -> x.credit.equals(t.refersTo())).toList();
        expect(gone.size() == t.amount(), "expired " + t.amount() + " of " + gone.size());
        expect(gone.stream().allMatch(x -> x.lapsed(t.createdAt())), "expired too early");
        here.removeAll(gone);
        taken.merge(lotOf(t), t.amount(), Long::sum);
      }
    }
    Balance balance = new Balance(available(), heldTotal(), pending(), debt);
    expect(balance.equals(t.balance()), "token by token it is " + balance);
  }

  private void credit(Transaction t) {
    Request request = t.request();
    boolean later = request.availableAt() != null && request.availableAt().isAfter(t.createdAt());
    if (later || request.expiresAt() != null) {
      opened.add(t.id());
    }
    credits++;
    for (long i = 0; i < t.amount(); i++) {
      Token token = new Token(t.id(), credits, request.expiresAt(), later);
      sample.put(t.id(), token);
      arrive(token, later);
    }
  }

  private void arrive(Token token, boolean later) {
    if (debt > 0 && !later) {
      debt--;
    } else {
      here.add(token);
    }
  }

  private void adjust(Transaction t) {
    credits++;
    if (t.change().net() > 0) {
      for (long i = 0; i < t.amount(); i++) {
        arrive(new Token(t.id(), credits, null, false), false);
      }
    } else {
      take(t.amount(), t.createdAt());
    }
  }

  private void capture(Transaction t) {
    Held hold = hold(t.request().holdId());
    List<Token> mine = charged.computeIfAbsent(t.id(), id -> new ArrayList<>());
    for (long i = 0; i < t.amount(); i++) {
      mine.add(hold.tokens.removeFirst());
    }
    if (Boolean.TRUE.equals(t.request().isFinal())) {
      here.addAll(hold.removeAllTokens());
    }
  }

  private void reverse(Transaction t) {
    UUID credit = lotOf(t);
    taken.merge(credit, t.amount(), Long::sum);
    Token like = sample.get(credit);
    if (like != null && like.pending) {
      for (long i = 0; i < t.amount(); i++) {
        here.remove(first(x -> x.credit.equals(credit)));
      }
      return;
    }
    boolean permanent = like == null || like.expiresAt == null;
    for (long i = 0; i < t.amount(); i++) {
      Token own =
          first(
              x ->
                  spendable(x, t.createdAt())
                      && (permanent ? x.expiresAt == null : x.credit.equals(credit)));
      Token next = own != null ? own : first(x -> spendable(x, t.createdAt()));
      if (next == null) {
        debt += t.amount() - i;
        expect(t.request().policy() == ReversePolicy.DEBT, "took what was not there");
        return;
      }
      here.remove(next);
    }
  }

  private void activate(Transaction t) {
    UUID credit = lotOf(t);
    List<Token> due = here.stream().filter(x -> x.credit.equals(credit)).toList();
    expect(due.size() == t.amount(), "activated " + t.amount() + " of " + due.size());
    here.removeAll(due);
    for (Token token : due) {
      token.pending = false;
      arrive(token, false);
    }
    Token like = sample.get(credit);
    if (like != null) {
      like.pending = false;
    }
  }

  private static UUID lotOf(Transaction t) {
    UUID earlier = t.refersTo();
    if (earlier == null) {
      throw new AssertionError("refers to nothing: " + t);
    }
    return earlier;
  }

  private static boolean spendable(Token token, Instant at) {
    return !token.pending && !token.lapsed(at);
  }

  private @Nullable Token first(Predicate<Token> which) {
    return here.stream().filter(which).min(ORDER).orElse(null);
  }

  private List<Token> take(long amount, Instant at) {
    List<Token> taking = new ArrayList<>();
    for (long i = 0; i < amount; i++) {
      Token next = first(x -> spendable(x, at));
      if (next == null) {
        throw new AssertionError("took what was not there");
      }
      here.remove(next);
      taking.add(next);
    }
    return taking;
  }

  /** How much could be spent. */
  long spendable(Instant at) {
    return here.stream().filter(x -> spendable(x, at)).count();
  }

  /** How much of a credit could still be reversed. */
  long reversible(Transaction credit, Instant at) {
    long lapsing =
        here.stream()
            .filter(x -> x.credit.equals(credit.id()) && !x.pending && x.lapsed(at))
            .count();
    return Math.max(0, credit.amount() - taken.getOrDefault(credit.id(), 0L) - lapsing);
  }

  /** How much of a charge could still be refunded. */
  long refundable(UUID charge) {
    return charged.getOrDefault(charge, List.of()).size();
  }

  /** What remains on hold. */
  long remaining(UUID hold) {
    return held.getOrDefault(hold, List.of()).size();
  }

  /** What lies in a lot. */
  long inLot(Lot lot) {
    boolean lies = lot.status() != LotStatus.MERGED;
    return lies ? here.stream().filter(x -> x.credit.equals(lot.id())).count() : 0;
  }

  /** The credits that opened a lot. */
  Set<UUID> lots() {
    return Collections.unmodifiableSet(opened);
  }

  private long available() {
    return here.stream().filter(x -> !x.pending).count();
  }

  private long pending() {
    return here.size() - available();
  }

  private long heldTotal() {
    return held.values().stream().mapToLong(List::size).sum();
  }

  private record Held(List<Token> tokens) {
    List<Token> removeAllTokens() {
      List<Token> all = List.copyOf(tokens);
      tokens.clear();
      return all;
    }
  }

  private Held hold(@Nullable UUID id) {
    List<Token> tokens = held.get(id);
    if (tokens == null) {
      throw new AssertionError("no such hold: " + id);
    }
    return new Held(tokens);
  }

  private static void expect(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
