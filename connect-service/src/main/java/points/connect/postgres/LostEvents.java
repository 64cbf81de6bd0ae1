package points.connect.postgres;

import java.util.List;

/** Keeps, as dead letters, what could not even be kept as an event. Thread-safe. */
public final class LostEvents {

  /**
   * What came instead of an event.
   *
   * @param source as far as it can be told, like {@code id} and {@code type}; else empty
   * @param origin where it came from; the same thing from the same place is kept once
   */
  public record Lost(
      String source, String id, String type, String origin, String reason, String body) {

    /** What PostgreSQL keeps. */
    public Lost {
      source = storable(source, TEXT_MAX);
      id = storable(id, TEXT_MAX);
      type = storable(type, TEXT_MAX);
      origin = storable(origin, TEXT_MAX);
      reason = storable(reason, TEXT_MAX);
      body = storable(body, TEXT_MAX);
    }
  }

  private static final int TEXT_MAX = 64 * 1024;

  private static final String KEEP =
      """
      INSERT INTO dead_letter (source, id, type, origin, reason, body)
      SELECT new.* FROM (VALUES (?, ?, ?, ?, ?, ?)) AS new (source, id, type, origin, reason, body)
      WHERE NOT EXISTS (
        SELECT FROM dead_letter old
        WHERE old.event_seq IS NULL AND old.origin = new.origin AND old.reason = new.reason
          AND old.body = new.body)""";

  private final Transactions transactions;

  /** The lost events of a database. */
  public LostEvents(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Keeps them; when this returns they are on disk.
   *
   * @throws StoreUnavailable if the database was away for too long
   */
  public void keep(List<Lost> all) {
    if (all.isEmpty()) {
      return;
    }
    int unused =
        transactions.run(
            connection -> {
              int kept = 0;
              for (Lost lost : all) {
                kept +=
                    Transactions.update(
                        connection,
                        KEEP,
                        lost.source(),
                        lost.id(),
                        lost.type(),
                        lost.origin(),
                        lost.reason(),
                        lost.body());
              }
              return kept;
            });
  }

  /** Without NUL, of a bounded length, and without half of a surrogate pair at its end. */
  static String storable(String text, int max) {
    String cut = text;
    if (text.length() > max) {
      boolean splits = Character.isHighSurrogate(text.charAt(max - 1));
      cut = text.substring(0, splits ? max - 1 : max);
    }
    return cut.replace('\0', '?');
  }
}
