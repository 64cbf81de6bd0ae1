package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.TestService;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** Readers of the stream miss nothing, whenever the database transactions of the writers end. */
class EventsHorizonTest {
  private static final int CALLERS = 8;

  @Test
  void readersSeeEveryTransactionOnceAndInOrder()
      throws InterruptedException, ExecutionException, TimeoutException, SQLException {
    long seed = Long.getLong("points.faults.seed", System.nanoTime());
    System.out.println("EventsHorizonTest: -Dpoints.faults.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String database = TestPostgres.shared().newDatabase();
    Books books = new Books(database);
    try (TestService one = TestService.start(database, Map.of());
        TestService other = TestService.start(database, Map.of());
        var threads = Executors.newCachedThreadPool()) {
      Journal journal = new Journal();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicBoolean readOn = new AtomicBoolean(true);
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        TestService through = i % 2 == 0 ? one : other;
        Load load =
            new Load(
                journal, through.as("connect"), through.as("quest"), random.split(), "e" + i, 20);
        callers.add(threads.submit(() -> load.until(stop)));
      }
      List<Reader> readers =
          List.of(new Reader(one.as("quest"), 7), new Reader(other.as("quest"), 100));
      for (Reader reader : readers) {
        callers.add(threads.submit(() -> reader.until(readOn)));
      }
      awaitMore(journal, 300);
      // One writer has its transaction id, writes a row, and commits long after later ones.
      try (Connection late = books.connect()) {
        late.setAutoCommit(false);
        try (var statement = late.createStatement()) {
          statement.execute("SELECT pg_current_xact_id()");
          long shown = readers.getFirst().count();
          awaitMore(journal, 300);
          String newest = "SELECT count(*) FROM transaction";
          long written = books.number(newest);
          statement.execute(lateRow());
          assertThat(readers.getFirst().count()).as("held back").isLessThan(written);
          assertThat(written).isGreaterThan(shown);
        }
        late.commit();
      }
      awaitMore(journal, 300);
      stop.set(true);
      for (Future<?> caller : callers.subList(0, CALLERS)) {
        caller.get(60, TimeUnit.SECONDS);
      }
      readOn.set(false);
      for (Future<?> reader : callers.subList(CALLERS, callers.size())) {
        reader.get(60, TimeUnit.SECONDS);
      }
      long all = books.number("SELECT count(*) FROM transaction");
      for (Reader reader : readers) {
        assertThat(reader.seen).hasSize((int) all);
        assertThat(reader.seen.contains("00000000-0000-7000-8000-000000000001")).isTrue();
      }
      System.out.printf("EventsHorizonTest: %d transactions, %d readers%n", all, readers.size());
    }
  }

  private static void awaitMore(Journal journal, long more) {
    long goal = journal.size() + more;
    long giveUp = System.nanoTime() + 20_000_000_000L;
    while (journal.size() < goal) {
      assertThat(System.nanoTime()).as("too slow").isLessThan(giveUp);
      Journal.pause(5);
    }
  }

  /** What a service that was halted in the middle of its commit would write. */
  private static String lateRow() {
    return """
        INSERT INTO transaction (transaction_id, position, account, bucket, seq, type, source,
          external_id, amount, available_change, held_change, pending_change, debt_change, counter,
          counter_change, available, held, pending, debt, created_at, hash)
        SELECT '00000000-0000-7000-8000-000000000001',
          greatest(pg_current_xact_id()::text::bigint,
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
          'user:late', 0, 1, 'credit', 'connect', 'late', 1, 1, 0, 0, 0, 'issued:connect', -1,
          1, 0, 0, 0, clock_timestamp(), sha256('late')""";
  }

  /** Follows the stream and holds it to its promise at every step. */
  private static final class Reader {
    private final ApiClient client;
    private final int page;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Long> newest = new HashMap<>();
    private volatile long count;

    Reader(ApiClient client, int page) {
      this.client = client;
      this.page = page;
    }

    long count() {
      return count;
    }

    /** Reads on until told to stop, and then to the end. */
    void until(AtomicBoolean readOn) {
      String after = "";
      while (true) {
        boolean last = !readOn.get();
        Answer answer =
            client.get(
                "/internal/events?limit=" + page + (after.isEmpty() ? "" : "&after=" + after));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var events = answer.member("events");
        for (var event : events) {
          var transaction = event.get("data");
          assertThat(seen.add(transaction.get("transaction_id").asText()))
              .as("seen twice: %s", event)
              .isTrue();
          long seq = transaction.get("seq").asLong();
          Long before = newest.put(transaction.get("account").asText(), seq);
          assertThat(seq).as(event.toString()).isEqualTo(before == null ? 1 : before + 1);
        }
        count = seen.size();
        after = answer.text("next");
        if (last && events.isEmpty()) {
          return;
        }
      }
    }
  }
}
