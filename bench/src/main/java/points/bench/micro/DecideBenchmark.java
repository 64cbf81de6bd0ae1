package points.bench.micro;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import points.ledger.AccountId;
import points.ledger.Batch;
import points.ledger.Changes;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;

/**
 * What the rules cost, apart from reading and writing: a batch of {@value #BATCH} commands is
 * decided from books in memory, the hash chain included. The figures are per operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecideBenchmark {
  private static final int BATCH = 100;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Ids ids = new Ids(new Random(1));
  private final InMemoryLedger books = new InMemoryLedger(() -> NOW, ids, Limits.NONE);
  private final List<Command> spread = new ArrayList<>();
  private final List<Command> hot = new ArrayList<>();
  private final List<Command> holds = new ArrayList<>();
  private final List<Command> captures = new ArrayList<>();
  private final List<Command> repeats = new ArrayList<>();

  /** Gives every account points and a hold, and makes the commands. */
  public DecideBenchmark() {
    for (int i = 0; i < BATCH; i++) {
      AccountId account = new AccountId("user:" + i);
      Command fund = command("fund-" + i, new Operation.Credit(account, 1_000, null, null));
      Outcome held =
          books
              .execute(
                  List.of(fund, command("held-" + i, new Operation.PlaceHold(account, 10, 60))))
              .get(1);
      spread.add(command("spread-" + i, new Operation.Credit(account, 5, null, null)));
      hot.add(command("hot-" + i, new Operation.Credit(new AccountId("user:0"), 5, null, null)));
      holds.add(command("hold-" + i, new Operation.PlaceHold(account, 5, 60)));
      if (held instanceof Outcome.Posted posted) {
        captures.add(
            command("capture-" + i, new Operation.Capture(posted.transaction().id(), 5L, true)));
      }
      repeats.add(fund);
    }
  }

  private static Command command(String externalId, Operation operation) {
    return new Command(new ExternalKey("bench", externalId), operation, "bench", null, "request");
  }

  /** Credits, each on an account of its own. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Changes creditsOnManyAccounts(Blackhole hole) {
    return decide(spread, hole);
  }

  /** Credits, all on one account. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Changes creditsOnOneAccount(Blackhole hole) {
    return decide(hot, hole);
  }

  /** Holds. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Changes holds(Blackhole hole) {
    return decide(holds, hole);
  }

  /** Captures of half of a hold, which give the other half back. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Changes captures(Blackhole hole) {
    return decide(captures, hole);
  }

  /** The same requests again. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Changes repeats(Blackhole hole) {
    return decide(repeats, hole);
  }

  private Changes decide(List<Command> commands, Blackhole hole) {
    Batch batch = new Batch(books, ids, Limits.NONE);
    for (Command command : commands) {
      hole.consume(batch.decide(command, NOW));
    }
    return batch.changes();
  }
}
