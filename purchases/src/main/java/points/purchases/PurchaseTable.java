package points.purchases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of purchases. */
final class PurchaseTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long the request that opens a step has it to itself before recovery takes it up. */
  private static final Duration HEAD_START = Duration.ofSeconds(10);

  private static final String INSERT =
      """
      INSERT INTO purchase
        (id, source, request_id, request, item_id, user_id, points, payment, state, next_attempt_at)
      VALUES (?, ?, ?, ?::jsonb, ?, ?, ?, ?, 'reserving', now() + ?::interval)
      ON CONFLICT (source, request_id) DO NOTHING RETURNING *
      """;

  /** The state that it was in decides: of two who move it, one finds nothing to move. */
  private static final String MOVE =
      """
      UPDATE purchase SET
        previous_state = state, state = ?, updated_at = now(), attempts = 0,
        next_attempt_at = now() + ?::interval,
        hold_id = coalesce(?, hold_id),
        hold_expires_at = coalesce(?, hold_expires_at),
        charge_id = coalesce(?, charge_id),
        problem = ?::jsonb,
        tries = CASE WHEN ? THEN tries + 1 ELSE tries END
      WHERE id = ? AND state = ? RETURNING *
      """;

  private static final String POSTPONE =
      """
      UPDATE purchase SET
        attempts = attempts + 1,
        tries = CASE WHEN ? THEN tries + 1 ELSE tries END,
        next_attempt_at = now() + CASE WHEN state = 'reserved' THEN ?::interval
          ELSE least(interval '1 second' * power(2, least(attempts, 10)), interval '5 minutes') END
      WHERE id = ? AND state = ?
      """;

  private PurchaseTable() {}

  /** Writes an order down; empty where this source has used its request id before. */
  static Optional<Purchase> insert(Connection transaction, UUID id, Purchase.Order order)
      throws SQLException {
    try (var insert = transaction.prepareStatement(INSERT)) {
      insert.setObject(1, id);
      insert.setString(2, order.source());
      insert.setString(3, order.requestId());
      insert.setString(4, order.request().toString());
      insert.setObject(5, order.itemId());
      insert.setString(6, order.userId());
      insert.setLong(7, order.points());
      insert.setString(8, order.payment().wire());
      insert.setString(9, interval(HEAD_START));
      return one(insert);
    }
  }

  /** Whether this order says what that one from the database says. */
  static boolean isSame(Purchase.Order written, Purchase.Order order) {
    // By its text, as the same number may be an int in one and a long in the other.
    return written.request().equals(json(order.request().toString()));
  }

  static Optional<Purchase> find(Connection connection, UUID id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT * FROM purchase WHERE id = ?")) {
      select.setObject(1, id);
      return one(select);
    }
  }

  static Optional<Purchase> find(Connection connection, String source, String requestId)
      throws SQLException {
    try (var select =
        connection.prepareStatement("SELECT * FROM purchase WHERE source = ? AND request_id = ?")) {
      select.setString(1, source);
      select.setString(2, requestId);
      return one(select);
    }
  }

  /**
   * Takes a purchase to another state; empty where it is no longer in the one it was in.
   *
   * @param lookAgain when recovery is to look at it; null for never
   */
  static Optional<Purchase> move(
      Connection transaction, Purchase from, Step.Move move, @Nullable Duration lookAgain)
      throws SQLException {
    Step.Facts facts = move.facts();
    Instant expires = facts.holdExpiresAt();
    try (var update = transaction.prepareStatement(MOVE)) {
      update.setString(1, move.to().wire());
      update.setString(2, lookAgain == null ? null : interval(lookAgain));
      update.setObject(3, facts.holdId());
      update.setObject(4, expires == null ? null : expires.atOffset(ZoneOffset.UTC));
      update.setObject(5, facts.chargeId());
      update.setString(6, facts.problem() == null ? null : facts.problem().toString());
      update.setBoolean(7, facts.again());
      update.setObject(8, from.id());
      update.setString(9, from.state().wire());
      return one(update);
    }
  }

  /** When recovery is to look at a purchase that has just come into this state; null for never. */
  static @Nullable Duration lookAgain(State state, Payment payment, Duration holdCheck) {
    if (state.isOpen()) {
      return HEAD_START;
    }
    return state == State.RESERVED && payment == Payment.HOLD ? holdCheck : null;
  }

  /** Looks again later, the later the more often it was in vain. */
  static void postpone(
      Connection connection, Purchase purchase, boolean newExternalId, Duration holdCheck)
      throws SQLException {
    try (var update = connection.prepareStatement(POSTPONE)) {
      update.setBoolean(1, newExternalId);
      update.setString(2, interval(holdCheck));
      update.setObject(3, purchase.id());
      update.setString(4, purchase.state().wire());
      update.executeUpdate();
    }
  }

  /** Those that recovery is to look at now, the longest due first. */
  static List<Purchase> due(Connection connection, int limit) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT * FROM purchase WHERE next_attempt_at <= now()"
                + " ORDER BY next_attempt_at LIMIT ?")) {
      select.setInt(1, limit);
      List<Purchase> due = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          due.add(purchase(rows));
        }
      }
      return due;
    }
  }

  private static Optional<Purchase> one(PreparedStatement statement) throws SQLException {
    try (var row = statement.executeQuery()) {
      return row.next() ? Optional.of(purchase(row)) : Optional.empty();
    }
  }

  private static Purchase purchase(ResultSet row) throws SQLException {
    String problem = row.getString("problem");
    Purchase.Order order =
        new Purchase.Order(
            row.getString("source"),
            row.getString("request_id"),
            json(row.getString("request")),
            row.getObject("item_id", UUID.class),
            row.getString("user_id"),
            row.getLong("points"),
            Payment.valueOf(row.getString("payment").toUpperCase(Locale.ROOT)));
    OffsetDateTime holdExpiresAt = row.getObject("hold_expires_at", OffsetDateTime.class);
    return new Purchase(
        row.getObject("id", UUID.class),
        order,
        State.of(row.getString("state")),
        row.getInt("tries"),
        row.getObject("hold_id", UUID.class),
        holdExpiresAt == null ? null : holdExpiresAt.toInstant(),
        row.getObject("charge_id", UUID.class),
        problem == null ? null : json(problem),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String interval(Duration duration) {
    return duration.toMillis() + " milliseconds";
  }
}
