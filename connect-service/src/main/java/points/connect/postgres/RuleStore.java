package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.connect.rules.CheckedRule;
import points.connect.rules.Event;
import points.connect.rules.Rule;
import points.connect.rules.RuleBook;
import points.connect.rules.RuleReader;
import points.connect.rules.RuleRefused;

/**
 * The rules in the database: revisions, and when each came into force. Keeps the book of them in
 * memory; whoever decides events asks for one that is as new as the database's. Thread-safe.
 */
public final class RuleStore {
  private static final Logger LOG = LoggerFactory.getLogger(RuleStore.class);

  /** Who decides events holds it shared, who activates a rule alone. */
  static final String LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(20261, 1)";

  /** The newest activation; 0 for none. Holds until the end of a transaction that has the lock. */
  static final String NEWEST = "SELECT coalesce(max(activation_id), 0) FROM activation";

  private static final String LOCK = "SELECT pg_advisory_xact_lock(20261, 1)";

  /** The author of rules that come from the operator's own folder. */
  public static final String FOLDER = "folder";

  /** Who puts them into force. */
  private static final String START = "start";

  /**
   * A revision of a rule.
   *
   * @param author who saved it
   */
  public record Revision(
      String rule, int revision, String yaml, String author, Instant createdAt) {}

  /**
   * A revision that was saved.
   *
   * @param isNew false where the very text was the newest revision already
   */
  public record Saved(Revision revision, boolean isNew) {}

  /** A revision that was put into force. */
  public record Activated(
      long id, String rule, int revision, Instant from, String by, Instant activatedAt) {}

  private final Transactions transactions;
  private final RuleReader reader;
  private final Hindsight hindsight;
  private final Map<String, CheckedRule> checked = new HashMap<>();
  private final SortedSet<String> unreadable = new TreeSet<>();
  private volatile RuleBook book = RuleBook.EMPTY;

  /**
   * The rules of a database.
   *
   * @param events gives what rules see of a stored event, by its body and its time; null where its
   *     data does not fit
   */
  public RuleStore(
      Transactions transactions,
      RuleReader reader,
      BiFunction<String, Instant, @Nullable Event> events) {
    this.transactions = transactions;
    this.reader = reader;
    this.hindsight = new Hindsight(transactions, events);
  }

  /**
   * Works out what rules in force have to know of the past, where an earlier release has not kept
   * it. To be called once, before events are decided.
   */
  public void catchUp() {
    for (RuleBook.Activation activation : book().all().reversed()) {
      if (!hindsight.lacks(activation.rule())) {
        continue;
      }
      long prepared = hindsight.prepare(activation.rule());
      boolean unused =
          transactions.run(
              connection -> {
                lock(connection);
                hindsight.complete(connection, activation.rule(), prepared);
                return true;
              });
    }
  }

  /**
   * The revisions that were in force once and cannot be read any more, like {@code gift revision
   * 2}. Their events become dead letters, unless not even these can be told.
   */
  public synchronized SortedSet<String> unreadable() {
    return new TreeSet<>(unreadable);
  }

  /** The book as it is in the database now. */
  public RuleBook book() {
    return transactions.run(
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery(NEWEST)) {
            row.next();
            return atLeast(connection, row.getLong(1));
          }
        });
  }

  /** A book that has this activation. */
  RuleBook atLeast(Connection connection, long activation) throws SQLException {
    RuleBook known = book;
    if (known.newest() >= activation) {
      return known;
    }
    return load(connection);
  }

  private synchronized RuleBook load(Connection connection) throws SQLException {
    List<RuleBook.Activation> activations = new ArrayList<>();
    long newest = 0;
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT activation_id, rule, revision, in_force_from, yaml
                FROM activation JOIN rule_revision USING (rule, revision)""")) {
      while (rows.next()) {
        String key = rows.getString(2) + "\n" + rows.getInt(3);
        String yaml = rows.getString(5);
        CheckedRule rule = checked.computeIfAbsent(key, k -> read(k, yaml));
        newest = Math.max(newest, rows.getLong(1));
        if (rule != null) {
          activations.add(
              new RuleBook.Activation(
                  rows.getLong(1), Times.at(rows, "in_force_from"), rows.getInt(3), rule));
        }
      }
    }
    book = new RuleBook(activations, newest);
    return book;
  }

  /** One revision that cannot be read must not stop all the others. */
  private @Nullable CheckedRule read(String key, String yaml) {
    String name = key.replace("\n", " revision ");
    String why;
    CheckedRule rule = null;
    try {
      rule = reader.kept(yaml);
      why = rule.unreadable();
    } catch (RuleRefused e) {
      why = String.valueOf(e.getMessage());
    }
    if (why != null && unreadable.add(name)) {
      LOG.error("rule {} was in force and cannot be read any more: {}", name, why);
    }
    return rule;
  }

  /** Saves a revision. The very text of the newest one is not saved again. */
  public Saved save(String rule, String yaml, String author) {
    return transactions.run(
        connection -> {
          lock(connection);
          Revision newest = newest(connection, rule);
          if (newest != null && newest.yaml().equals(yaml)) {
            return new Saved(newest, false);
          }
          int number = newest == null ? 1 : newest.revision() + 1;
          int unused =
              Transactions.update(
                  connection,
                  "INSERT INTO rule_revision (rule, revision, yaml, author) VALUES (?, ?, ?, ?)",
                  rule,
                  number,
                  yaml,
                  author);
          return new Saved(Objects.requireNonNull(newest(connection, rule)), true);
        });
  }

  static void lock(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(LOCK);
    }
  }

  private static @Nullable Revision newest(Connection connection, String rule) throws SQLException {
    List<Revision> found = revisions(connection, rule);
    return found.isEmpty() ? null : found.getLast();
  }

  private static List<Revision> revisions(Connection connection, String rule) throws SQLException {
    return Transactions.list(
        connection,
        """
        SELECT rule, revision, yaml, author, created_at
        FROM rule_revision WHERE rule = ? ORDER BY revision""",
        RuleStore::revision,
        rule);
  }

  private static Revision revision(ResultSet row) throws SQLException {
    return new Revision(
        row.getString(1),
        row.getInt(2),
        row.getString(3),
        row.getString(4),
        Times.at(row, "created_at"));
  }

  /** The revisions of a rule, oldest first. */
  public List<Revision> revisions(String rule) {
    return transactions.run(connection -> revisions(connection, rule));
  }

  /** One revision of a rule; null for none. */
  public @Nullable Revision revision(String rule, int number) {
    List<Revision> all = revisions(rule);
    return number >= 1 && number <= all.size() ? all.get(number - 1) : null;
  }

  /** The newest revision of every rule, by the rules' names. */
  public SortedMap<String, Revision> newest() {
    SortedMap<String, Revision> newest = new TreeMap<>();
    transactions
        .list(
            """
            SELECT DISTINCT ON (rule) rule, revision, yaml, author, created_at
            FROM rule_revision ORDER BY rule, revision DESC""",
            RuleStore::revision)
        .forEach(revision -> newest.put(revision.rule(), revision));
    return newest;
  }

  /** What a revision says; null where it cannot be read any more. */
  public @Nullable Rule rule(Revision revision) {
    try {
      return reader.kept(revision.yaml()).rule();
    } catch (RuleRefused e) {
      return null;
    }
  }

  /** The activations of a rule, oldest first. */
  public List<Activated> activations(String rule) {
    return transactions.run(connection -> activations(connection, rule));
  }

  private static List<Activated> activations(Connection connection, String rule)
      throws SQLException {
    return Transactions.list(
        connection,
        """
        SELECT activation_id, rule, revision, in_force_from, activated_by, activated_at
        FROM activation WHERE rule = ? ORDER BY activation_id""",
        row ->
            new Activated(
                row.getLong(1),
                row.getString(2),
                row.getInt(3),
                Times.at(row, "in_force_from"),
                row.getString(5),
                Times.at(row, "activated_at")),
        rule);
  }

  /**
   * Puts a revision into force. No event is decided meanwhile, so every later one sees it.
   *
   * @param by who does; never the author
   * @param from events from then on are decided by it; null for now, by the database's clock
   * @throws RuleRefused where an earlier release accepted it, and this one would not
   */
  public Activated activate(Revision revision, String by, @Nullable Instant from) {
    CheckedRule rule = reader.read(revision.yaml());
    long prepared = hindsight.prepare(rule);
    return transactions.run(
        connection -> {
          lock(connection);
          hindsight.complete(connection, rule, prepared);
          int unused =
              Transactions.update(
                  connection,
                  """
                  INSERT INTO activation (rule, revision, author, activated_by, in_force_from)
                  VALUES (?, ?, ?, ?, coalesce(?::timestamptz, clock_timestamp()))""",
                  revision.rule(),
                  revision.revision(),
                  revision.author(),
                  by,
                  from == null ? null : from.toString());
          return activations(connection, revision.rule()).getLast();
        });
  }

  /**
   * Saves a rule from the operator's own folder, unless its very text was known before. It comes
   * into force with it, at its first appearance from the beginning of time, later from now on; but
   * once a person has had a hand in the rule, it is a draft like any other.
   */
  public void adopt(String rule, String yaml) {
    Revision known =
        revisions(rule).stream().filter(r -> r.yaml().equals(yaml)).findFirst().orElse(null);
    List<Activated> activations = activations(rule);
    boolean isPersons =
        revisions(rule).stream().anyMatch(revision -> !revision.author().equals(FOLDER))
            || activations.stream().anyMatch(activation -> !activation.by().equals(START));
    if (known != null && (isPersons || wasInForce(known, activations))) {
      return;
    }
    Revision saved = save(rule, yaml, FOLDER).revision();
    if (isPersons) {
      LOG.warn(
          "rule {} revision {} from the folder is a draft: people look after this rule, so one of"
              + " them has to put it into force",
          rule,
          saved.revision());
      return;
    }
    activate(saved, START, activations.isEmpty() ? Instant.EPOCH : null);
    LOG.info("rule {} revision {} from the folder is in force", rule, saved.revision());
  }

  /** False where the process died after it had saved the text. */
  private static boolean wasInForce(Revision revision, List<Activated> activations) {
    return activations.stream().anyMatch(a -> a.revision() == revision.revision());
  }
}
