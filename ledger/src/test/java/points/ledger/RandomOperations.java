package points.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Operations as hostile callers might send them, at random but repeatable: every verb over a few
 * hot accounts, in batches, some repeated with the same or other parameters, some with ids that
 * name nothing or something else, while time jumps, accounts are frozen and what is due is done.
 *
 * <p>A failure names its seed; {@code -Dpoints.seed=…} runs that one alone. {@code
 * -Dpoints.seeds=…} runs so many fresh ones.
 */
public final class RandomOperations {
  /** Seeds that found something once; they are run every time. */
  private static final List<Long> REGRESSIONS = List.of(1L, 2L, 3L, 42L, 20261122L);

  private static final String SEED = "points.seed";
  private static final List<String> SOURCES = List.of("connect", "quest", "voucher");

  private static final List<ReversePolicy> POLICIES = List.of(ReversePolicy.values());

  private final long seed;
  private final SettableClock clock;
  private final Random random;
  private final long amountMax;
  private final List<AccountId> accounts = new ArrayList<>();
  private final Map<AccountId, Boolean> frozen = new HashMap<>();
  private final List<Command> past = new ArrayList<>();
  private final List<Transaction> posted = new ArrayList<>();
  private final List<Transaction> credits = new ArrayList<>();
  private final List<Transaction> holds = new ArrayList<>();
  private final List<Transaction> charges = new ArrayList<>();
  private final Map<UUID, Integer> age = new HashMap<>();
  private int named;

  /** Who looks on. */
  public interface Onlooker {
    /** These commands were executed together and had these outcomes. */
    void executed(List<Command> commands, List<Outcome> outcomes);
  }

  /** Operations for ledgers that tell the time by {@code clock}, which is moved along. */
  public RandomOperations(long seed, SettableClock clock) {
    this(seed, clock, Limits.AMOUNT_MAX);
  }

  /** Operations of at most {@code amountMax} points each; most are far smaller anyway. */
  public RandomOperations(long seed, SettableClock clock, long amountMax) {
    this.seed = seed;
    this.clock = clock;
    this.random = new Random(seed);
    this.amountMax = amountMax;
    for (int i = 1; i <= 4; i++) {
      accounts.add(new AccountId("user:" + i));
    }
  }

  /** The accounts that are operated on. */
  public List<AccountId> accounts() {
    return List.copyOf(accounts);
  }

  /** The seeds to run: those that found something once, and {@code fresh} new ones. */
  public static List<Long> seeds(int fresh) {
    String one = System.getProperty(SEED);
    if (one != null) {
      return List.of(Long.parseLong(one));
    }
    List<Long> seeds = new ArrayList<>(REGRESSIONS);
    new Random().longs(Integer.getInteger("points.seeds", fresh)).forEach(seeds::add);
    return seeds;
  }

  /** Runs on one ledger, checking the invariants every few steps and at the end. */
  public void run(Ledger ledger, int steps, Onlooker onlooker) {
    for (int i = 1; i <= steps; i++) {
      try {
        step(ledger, onlooker);
        if (i == steps || i % 25 == 0) {
          Invariants.check(ledger, accounts);
        }
      } catch (RuntimeException | AssertionError e) {
        throw failed(i, e);
      }
    }
  }

  /**
   * Runs the same on two ledgers, and compares every outcome, what is due, and at the end all that
   * the ledgers keep. Their ids may differ; both must tell the time by this object's clock.
   */
  public void compare(Ledger model, Ledger subject, int steps) {
    Pair pair = new Pair(model, subject, accounts);
    for (int i = 1; i <= steps; i++) {
      try {
        step(pair, (commands, outcomes) -> {});
        if (i == steps || i % 100 == 0) {
          pair.compareStates();
        }
      } catch (RuntimeException | AssertionError e) {
        throw failed(i, e);
      }
    }
    Invariants.check(subject, accounts);
  }

  private AssertionError failed(int step, Throwable e) {
    return new AssertionError(
        "seed %d failed at step %d; repeat with -D%s=%d%n%s"
            .formatted(seed, step, SEED, seed, e.getMessage()),
        e);
  }

  private void step(Ledger ledger, Onlooker onlooker) {
    int kind = random.nextInt(100);
    if (kind < 14) {
      moveTime();
    } else if (kind < 26) {
      execute(ledger, due(ledger), onlooker);
    } else if (kind < 30) {
      freezeOrThaw(ledger);
    } else {
      int size = random.nextInt(12) == 0 ? 40 : 1 + random.nextInt(4);
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        commands.add(command(ledger));
      }
      execute(ledger, commands, onlooker);
    }
  }

  private void execute(Ledger ledger, List<Command> commands, Onlooker onlooker) {
    List<Outcome> outcomes = ledger.execute(commands);
    for (int i = 0; i < commands.size(); i++) {
      past.add(commands.get(i));
      if (outcomes.get(i) instanceof Outcome.Posted(Transaction t)) {
        learn(t);
      }
    }
    onlooker.executed(commands, outcomes);
  }

  private void learn(Transaction t) {
    age.put(t.id(), posted.size());
    posted.add(t);
    switch (t.type()) {
      case CREDIT -> credits.add(t);
      case HOLD -> holds.add(t);
      case DEBIT, CAPTURE -> charges.add(t);
      case RELEASE, REFUND, REVERSE, EXPIRE_HOLD, ACTIVATE, EXPIRE_LOT, ADJUST -> {}
    }
  }

  /** What is due, in an order that depends on the seed alone, not on the ids. */
  private List<Command> due(Ledger ledger) {
    List<Command> due = new ArrayList<>(ledger.due(1000));
    due.sort(
        Comparator.comparing((Command c) -> c.operation().verb())
            .thenComparing(c -> age.getOrDefault(StoryWords.target(c), -1)));
    return due;
  }

  private void moveTime() {
    Duration by =
        switch (random.nextInt(8)) {
          case 0 -> Duration.of(1, ChronoUnit.MICROS);
          case 1, 2 -> Duration.ofSeconds(random.nextInt(1, 120));
          case 3, 4 -> Duration.ofMinutes(random.nextInt(1, 120));
          case 5 -> Duration.ofHours(random.nextInt(1, 48));
          case 6 -> Duration.ofSeconds(-random.nextInt(1, 4000));
          default -> untilSomethingEnds();
        };
    clock.advance(by);
  }

  /** To the very instant at which some hold ends, or a microsecond before. */
  private Duration untilSomethingEnds() {
    if (holds.isEmpty()) {
      return Duration.ZERO;
    }
    HoldState hold = pick(holds).hold();
    if (hold == null || !hold.expiresAt().isAfter(clock.instant())) {
      return Duration.ofSeconds(1);
    }
    Duration until = Duration.between(clock.instant(), hold.expiresAt());
    return random.nextBoolean() ? until : until.minusNanos(1000);
  }

  private void freezeOrThaw(Ledger ledger) {
    AccountId id = accounts.get(random.nextInt(accounts.size()));
    boolean now = !frozen.getOrDefault(id, false) && random.nextInt(3) == 0;
    if (ledger.account(id).seq() > 0) {
      frozen.put(id, now);
      ledger.freeze(id, now);
    }
  }

  private Command command(Ledger ledger) {
    int kind = random.nextInt(100);
    if (kind < 6 && !past.isEmpty()) {
      return past.get(random.nextInt(past.size()));
    }
    if (kind < 9 && !posted.isEmpty()) {
      return ownCommand(ledger, pick(posted));
    }
    Command made = made(ledger);
    if (kind < 13 && !past.isEmpty()) {
      ExternalKey taken = past.get(random.nextInt(past.size())).key();
      if (!taken.source().equals(ExternalKey.SERVICE)) {
        return new Command(taken, made.operation(), made.reason(), null, made.requestId());
      }
    }
    return made;
  }

  /** One of the service's own, whether due or not. */
  private Command ownCommand(Ledger ledger, Transaction about) {
    return switch (random.nextInt(3)) {
      case 0 -> Command.expireHold(about.id());
      case 1 -> Command.activate(about.id());
      default -> Command.expireLot(about.id(), ledger.account(about.account()).seq() + 1);
    };
  }

  private Command made(Ledger ledger) {
    AccountId id = accounts.get(random.nextInt(accounts.size()));
    String any = SOURCES.get(random.nextInt(SOURCES.size()));
    int kind = random.nextInt(100);
    if (kind < 24) {
      return keyed(any, credit(id));
    } else if (kind < 36) {
      return keyed(any, new Operation.Debit(id, amount(ledger, id)));
    } else if (kind < 52) {
      int seconds = random.nextInt(4) == 0 ? random.nextInt(1, 60) : random.nextInt(1, 90_000);
      return keyed(any, new Operation.PlaceHold(id, amount(ledger, id), seconds));
    } else if (kind < 68) {
      Transaction hold = reference(holds);
      Long amount = random.nextInt(4) == 0 ? null : (Long) part(hold);
      boolean ends = random.nextInt(3) == 0;
      return keyed(owner(hold, any), new Operation.Capture(id(hold), amount, ends));
    } else if (kind < 74) {
      Transaction hold = reference(holds);
      return keyed(owner(hold, any), new Operation.Release(id(hold)));
    } else if (kind < 86) {
      Transaction charge = reference(charges);
      Long amount = random.nextInt(4) == 0 ? null : (Long) part(charge);
      return keyed(owner(charge, any), new Operation.Refund(id(charge), amount));
    } else if (kind < 95) {
      Transaction credit = reference(credits);
      Long amount = random.nextInt(3) == 0 ? null : (Long) part(credit);
      ReversePolicy policy = POLICIES.get(random.nextInt(POLICIES.size()));
      return keyed(owner(credit, any), new Operation.Reverse(id(credit), amount, policy));
    }
    long by = amount(ledger, id) * (random.nextBoolean() ? 1 : -1);
    return keyed("admin", new Operation.Adjust(id, by, "ann", "bob"));
  }

  private Command keyed(String source, Operation operation) {
    named++;
    ExternalKey key = new ExternalKey(source, "op-" + named);
    String metadata = random.nextInt(5) == 0 ? "{\"n\":" + named + "}" : null;
    return new Command(key, operation, "random", metadata, "req-" + named);
  }

  private Operation credit(AccountId id) {
    Instant now = clock.instant();
    Instant available = random.nextInt(4) == 0 ? now.plusSeconds(random.nextInt(-9, 9000)) : null;
    Instant expires = null;
    if (random.nextInt(3) > 0) {
      // Few instants, so that lots tie; a few of them past.
      Instant day = now.truncatedTo(ChronoUnit.HOURS).plus(random.nextInt(40), ChronoUnit.HOURS);
      expires = random.nextInt(3) == 0 ? now.plusSeconds(random.nextInt(-3, 9000)) : day;
      if (available != null && !expires.isAfter(available)) {
        expires = available.plusSeconds(random.nextInt(1, 9000));
      }
    }
    return new Operation.Credit(id, few(), expires, available);
  }

  private long few() {
    return random.nextInt(200) == 0 ? amountMax : random.nextLong(1, Math.min(amountMax, 60) + 1);
  }

  /** An amount to take: some, all that is there, or a little more. */
  private long amount(Ledger ledger, AccountId id) {
    long available = ledger.account(id).balance().available();
    long wanted =
        switch (random.nextInt(12)) {
          case 0 -> available;
          case 1 -> available + 1;
          case 2 -> available / 2;
          default -> few();
        };
    return Math.clamp(wanted, 1, amountMax);
  }

  private long part(@Nullable Transaction whole) {
    long max = whole == null ? 10 : Math.max(1, whole.amount());
    long part = random.nextInt(5) == 0 ? max : random.nextLong(1, max + 2);
    return Math.min(part, Limits.AMOUNT_MAX);
  }

  /** Mostly one of these, mostly a recent one; now and then another or ({@code null}) nothing. */
  private @Nullable Transaction reference(List<Transaction> usual) {
    int kind = random.nextInt(40);
    if (kind == 0 || usual.isEmpty()) {
      return null;
    }
    return pick(kind == 1 ? posted : usual);
  }

  private <T> T pick(List<T> from) {
    int among = random.nextInt(4) == 0 ? from.size() : Math.min(from.size(), 8);
    return from.get(from.size() - 1 - random.nextInt(among));
  }

  private UUID id(@Nullable Transaction reference) {
    return reference == null ? new UUID(random.nextLong(), random.nextLong()) : reference.id();
  }

  private String owner(@Nullable Transaction of, String another) {
    String own = of == null ? another : of.key().source();
    // No caller is the service itself.
    return own.equals(ExternalKey.SERVICE) || random.nextInt(25) == 0 ? another : own;
  }
}
