package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.events.IncomingEvent;
import points.kit.BulkInsert;
import points.kit.Pipeline;

/**
 * Takes events in and decides them: a batch is one database transaction of few round trips, in
 * which each event becomes durable together with all that the rules make of it. Thread-safe; any
 * number of processes may work on one database.
 */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /**
   * An event and who published it.
   *
   * @param publisher the caller's source, or the Kafka topic's
   */
  public record Arrival(IncomingEvent event, String publisher) {}

  /** What became of an arrival; all of them are durable. */
  public enum Taken {
    ACCEPTED,
    /** It was there before, the very same. */
    DUPLICATE,
    /** Another event was there before under its name. */
    CONFLICT
  }

  /**
   * What became of a batch.
   *
   * @param taken an entry an arrival, in their order
   * @param actions how many RewardActions were made that are to be sent
   */
  public record Result(List<Taken> taken, int actions) {
    Result plus(Result next) {
      List<Taken> all = new ArrayList<>(taken);
      all.addAll(next.taken);
      return new Result(all, actions + next.actions);
    }
  }

  /** A new event, with the number that it was given. */
  record Numbered(long seq, IncomingEvent event, String publisher) {}

  private static final BulkInsert<Arrival> EVENTS =
      new BulkInsert<Arrival>(
              "event", "ruleset", "(SELECT coalesce(max(activation_id), 0) FROM activation)")
          .column("source", "text", a -> a.event().source())
          .column("id", "text", a -> a.event().id())
          .column("type", "text", a -> a.event().type())
          .column("time", "timestamptz", a -> a.event().time())
          .column("publisher", "text", Arrival::publisher)
          .column("hash", "text", "decode(%s, 'hex')", a -> a.event().hash())
          .column("body", "text", "%s::json", a -> a.event().body())
          .column("state", "text", a -> a.event().misfit() == null ? "processed" : "dead");

  private static final String ONCE =
      "ON CONFLICT (source, id) DO NOTHING RETURNING event_seq, source, id, ruleset";

  private static final String KNOWN =
      """
      SELECT source, id, encode(hash, 'hex'), publisher FROM unnest(?::text[], ?::text[]) AS u(source, id)
      JOIN event USING (source, id)""";

  private record Known(String hash, String publisher) {
    boolean isSame(Arrival arrival) {
      return hash.equals(arrival.event().hash()) && publisher.equals(arrival.publisher());
    }
  }

  private final Transactions transactions;
  private final RuleStore rules;
  private final Deciding deciding;

  /** An intake that decides by these rules. */
  public Intake(Transactions transactions, RuleStore rules, Deciding deciding) {
    this.transactions = transactions;
    this.rules = rules;
    this.deciding = deciding;
  }

  /**
   * Takes in a batch; when this returns it is on disk. An event whose deciding brings out a bug is
   * kept as a dead letter, and its neighbours are decided without it.
   *
   * @param arrivals at most some hundreds
   * @throws StoreUnavailable if the database was away for too long; some may have been taken in
   * @throws RuntimeException if an event cannot even be kept; others may have been taken in
   */
  public Result accept(List<Arrival> arrivals) {
    try {
      return acceptTogether(arrivals);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      if (arrivals.size() > 1) {
        // Which one it is shows by halves.
        int half = arrivals.size() / 2;
        Result first = accept(arrivals.subList(0, half));
        return first.plus(accept(arrivals.subList(half, arrivals.size())));
      }
      return keepUndecided(arrivals.getFirst(), e);
    }
  }

  private Result keepUndecided(Arrival arrival, Throwable bug) {
    IncomingEvent event = arrival.event();
    LOG.error("deciding {} {} brings out a bug", event.source(), event.id(), bug);
    return acceptTogether(
        List.of(new Arrival(event.undecided(Deciding.bug(bug)), arrival.publisher())));
  }

  private Result acceptTogether(List<Arrival> arrivals) {
    SortedMap<Name, Arrival> first = new TreeMap<>();
    arrivals.forEach(arrival -> first.putIfAbsent(Name.of(arrival.event()), arrival));
    // A commit whose answer was lost: what it took in is found by the next attempt, and is ours.
    Set<Name> tried = new HashSet<>();
    return transactions.run(connection -> attempt(connection, arrivals, first, tried));
  }

  /**
   * Does all that taking these in needs, and takes it back: what is used for the first time takes
   * its time. Nothing of it is ever seen.
   */
  public void rehearse(List<Arrival> arrivals) {
    SortedMap<Name, Arrival> first = new TreeMap<>();
    arrivals.forEach(arrival -> first.putIfAbsent(Name.of(arrival.event()), arrival));
    int unused =
        transactions.run(
            connection -> {
              Map<Name, Long> inserted = new HashMap<>();
              long ruleset = insert(connection, first, inserted);
              readKnown(connection, first.keySet(), new HashMap<>());
              return deciding.decideAndCommit(
                  connection,
                  numbered(first, inserted),
                  rules.atLeast(connection, ruleset),
                  pipeline -> pipeline.update("ROLLBACK", List.of()));
            });
  }

  private Result attempt(
      Connection connection,
      List<Arrival> arrivals,
      SortedMap<Name, Arrival> first,
      Set<Name> tried)
      throws SQLException {
    Map<Name, Long> inserted = new HashMap<>();
    long ruleset = insert(connection, first, inserted);
    Map<Name, Known> known = new HashMap<>();
    if (inserted.size() < first.size()) {
      readKnown(connection, first.keySet(), known);
    }
    List<Numbered> fresh = numbered(first, inserted);
    Set<Name> before = Set.copyOf(tried);
    tried.addAll(inserted.keySet());
    int actions =
        fresh.isEmpty()
            ? 0
            : deciding.decideAndCommit(connection, fresh, rules.atLeast(connection, ruleset));
    return new Result(taken(arrivals, first, inserted.keySet(), before, known), actions);
  }

  private static List<Numbered> numbered(SortedMap<Name, Arrival> first, Map<Name, Long> inserted) {
    List<Numbered> fresh = new ArrayList<>();
    for (var entry : first.entrySet()) {
      Long seq = inserted.get(entry.getKey());
      if (seq != null) {
        fresh.add(new Numbered(seq, entry.getValue().event(), entry.getValue().publisher()));
      }
    }
    return fresh;
  }

  private static long insert(
      Connection connection, SortedMap<Name, Arrival> first, Map<Name, Long> inserted)
      throws SQLException {
    long[] ruleset = {0};
    Pipeline pipeline = new Pipeline().update(RuleStore.LOCK_SHARED, List.of());
    EVENTS.addTo(
        pipeline,
        first.values(),
        ONCE,
        row -> {
          inserted.put(new Name(row.getString(2), row.getString(3)), row.getLong(1));
          ruleset[0] = row.getLong(4);
        });
    pipeline.run(connection);
    return ruleset[0];
  }

  private static void readKnown(Connection connection, Set<Name> names, Map<Name, Known> known)
      throws SQLException {
    new Pipeline()
        .query(
            KNOWN,
            List.of(
                Params.column("text", names, Name::source), Params.column("text", names, Name::id)),
            row ->
                known.put(
                    new Name(row.getString(1), row.getString(2)),
                    new Known(row.getString(3), row.getString(4))))
        .run(connection);
  }

  private static List<Taken> taken(
      List<Arrival> arrivals,
      SortedMap<Name, Arrival> first,
      Set<Name> inserted,
      Set<Name> before,
      Map<Name, Known> known) {
    List<Taken> taken = new ArrayList<>(arrivals.size());
    Set<Name> counted = new HashSet<>();
    for (Arrival arrival : arrivals) {
      Name name = Name.of(arrival.event());
      boolean ours = inserted.contains(name) || before.contains(name);
      Known standing = ours ? knownOf(first.get(name)) : known.get(name);
      if (standing == null || !standing.isSame(arrival)) {
        taken.add(Taken.CONFLICT);
      } else {
        taken.add(ours && counted.add(name) ? Taken.ACCEPTED : Taken.DUPLICATE);
      }
    }
    return taken;
  }

  private static @Nullable Known knownOf(@Nullable Arrival arrival) {
    return arrival == null ? null : new Known(arrival.event().hash(), arrival.publisher());
  }
}
