package points.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The vocabulary of a {@link Story}: words to commands, outcomes to words, names for ids. */
final class StoryWords {
  private static final Pattern TERM = Pattern.compile("([+-]\\d+)(us|s|m|h|d)");

  /** Whose balance is shown next to an id that names nothing. */
  private static final AccountId NOBODY = new AccountId("user:nobody");

  private final Map<String, UUID> ids = new HashMap<>();
  private final Map<UUID, String> names = new HashMap<>();
  private final List<UUID> ages = new ArrayList<>();
  private final Map<UUID, Transaction> transactions = new HashMap<>();

  /** The command that a sentence says. */
  Command command(String sentence) {
    List<String> plain = new ArrayList<>();
    Map<String, String> named = new HashMap<>();
    for (String word : sentence.split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        named.put(word.substring(0, equals), word.substring(equals + 1));
      } else {
        plain.add(word);
      }
    }
    return switch (plain.getFirst()) {
      case "expire_hold" -> Command.expireHold(id(plain.get(1)));
      case "activate" -> Command.activate(id(plain.get(1)));
      case "expire_lot" -> Command.expireLot(id(plain.get(1)), Long.parseLong(plain.get(2)));
      default ->
          new Command(
              key(plain, named),
              operation(plain, named),
              reason(named),
              named.get("metadata"),
              "req-" + plain.get(1));
    };
  }

  private static ExternalKey key(List<String> plain, Map<String, String> named) {
    String usual =
        switch (plain.getFirst()) {
          case "credit", "reverse" -> "connect";
          case "adjust" -> "admin";
          default -> "quest";
        };
    return new ExternalKey(named.getOrDefault("source", usual), plain.get(1));
  }

  private static String reason(Map<String, String> named) {
    return named.getOrDefault("reason", "story");
  }

  private Operation operation(List<String> plain, Map<String, String> named) {
    String on = plain.get(2);
    Long amount = plain.size() > 3 ? (Long) number(plain.get(3)) : null;
    return switch (plain.getFirst()) {
      case "credit" ->
          new Operation.Credit(
              new AccountId(on),
              Objects.requireNonNull(amount),
              timeOrNull(named.get("expires")),
              timeOrNull(named.get("available")));
      case "debit" -> new Operation.Debit(new AccountId(on), Objects.requireNonNull(amount));
      case "hold" ->
          new Operation.PlaceHold(
              new AccountId(on),
              Objects.requireNonNull(amount),
              Integer.parseInt(named.getOrDefault("ttl", "86400")));
      case "capture" -> new Operation.Capture(id(on), amount, !"false".equals(named.get("final")));
      case "release" -> new Operation.Release(id(on));
      case "refund" -> new Operation.Refund(id(on), amount);
      case "reverse" ->
          new Operation.Reverse(
              id(on), amount, ReversePolicy.of(named.getOrDefault("policy", "reject")));
      case "adjust" ->
          new Operation.Adjust(
              new AccountId(on),
              Objects.requireNonNull(amount),
              named.getOrDefault("maker", "ann"),
              named.getOrDefault("checker", "bob"));
      default -> throw new AssertionError("no such word: " + plain);
    };
  }

  /** The hold, lot or credit that one of the service's own commands is about. */
  static UUID target(Command command) {
    return switch (command.operation()) {
      case Operation.OnHold on -> on.holdId();
      case Operation.OnTransaction on -> on.transactionId();
      case Operation.OnAccount on -> throw new AssertionError("not the service's: " + command);
    };
  }

  /** Remembers what was posted under a name; the first stays. */
  void learn(Command command, Outcome outcome) {
    if (outcome instanceof Outcome.Posted(Transaction t)) {
      ids.putIfAbsent(command.key().externalId(), t.id());
      names.put(t.id(), command.key().externalId());
      ages.add(t.id());
      transactions.put(t.id(), t);
    }
  }

  UUID id(String name) {
    if (!name.startsWith("$")) {
      throw new AssertionError("a name that was posted starts with $: " + name);
    }
    if (name.equals("$nothing")) {
      return UUID.fromString("0192f0c1-0000-7000-8000-000000000123");
    }
    return Objects.requireNonNull(ids.get(name.substring(1)), name);
  }

  Transaction transaction(UUID id) {
    return Objects.requireNonNull(transactions.get(id));
  }

  AccountId accountOf(UUID id) {
    Transaction transaction = transactions.get(id);
    return transaction == null ? NOBODY : transaction.account();
  }

  int age(UUID id) {
    return ages.indexOf(id);
  }

  String nameOf(UUID id) {
    return names.getOrDefault(id, id.toString());
  }

  /** An outcome in words. */
  String say(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted(Transaction t) -> "ok" + moved(t);
      case Outcome.Replayed(Transaction t) -> "again" + moved(t);
      case Outcome.Refused(Refusal r, boolean replay) -> (replay ? "again " : "") + say(r);
      case Outcome.Conflicting(List<String> differing, UUID id) ->
          "conflict " + String.join(",", differing) + (id == null ? "" : " of=" + nameOf(id));
      case Outcome.HoldNotFound missing -> "hold_not_found";
      case Outcome.TransactionNotFound missing -> "transaction_not_found";
      case Outcome.NotOwner other -> "not_owner";
      case Outcome.Invalid(String field, String message) -> "invalid " + field;
      case Outcome.NothingDue nothing -> "nothing_due";
    };
  }

  /** What was moved, if that is not simply what was asked for. */
  private static String moved(Transaction t) {
    Long asked = t.request().amount();
    return asked != null && Math.abs(asked) == t.amount() ? "" : " " + t.amount();
  }

  private static String say(Refusal refusal) {
    Refusal.Facts facts = refusal.facts();
    StringBuilder text = new StringBuilder(refusal.code().wire());
    if (facts.available() != null) {
      text.append(" available=").append(facts.available());
    }
    if (facts.remaining() != null) {
      text.append(" remaining=").append(facts.remaining());
    }
    if (facts.hold() != null) {
      text.append(" ").append(say(facts.hold()));
    }
    return text.toString();
  }

  /** A hold: its status, then amount/captured/released. */
  static String say(HoldState s) {
    return s.status().wire() + " " + s.amount() + "/" + s.captured() + "/" + s.released();
  }

  static String say(Balance b) {
    return b.available() + " " + b.held() + " " + b.pending() + " " + b.debt();
  }

  static long number(String word) {
    return Long.parseLong(word.replace("_", ""));
  }

  private static @Nullable Instant timeOrNull(@Nullable String word) {
    return word == null ? null : time(word);
  }

  /** {@code +1d-1us}: that long after the start. */
  static Instant time(String word) {
    Duration sum = Duration.ZERO;
    Matcher terms = TERM.matcher(word);
    int end = 0;
    while (terms.find()) {
      long n = Long.parseLong(terms.group(1));
      sum =
          sum.plus(
              switch (terms.group(2)) {
                case "us" -> Duration.ofNanos(1000 * n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
              });
      end = terms.end();
    }
    if (end != word.length() || end == 0) {
      throw new AssertionError("no such time: " + word);
    }
    return SettableClock.START.plus(sum);
  }
}
