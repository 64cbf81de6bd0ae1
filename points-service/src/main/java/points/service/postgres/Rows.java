package points.service.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Balance;
import points.ledger.ExternalKey;
import points.ledger.Hash;
import points.ledger.Hold;
import points.ledger.HoldState;
import points.ledger.HoldStatus;
import points.ledger.Lot;
import points.ledger.LotMove;
import points.ledger.LotStatus;
import points.ledger.Parcel;
import points.ledger.Refusal;
import points.ledger.Request;
import points.ledger.ReversePolicy;
import points.ledger.Transaction;
import points.ledger.Verb;

/** Reads rows of the ledger's tables. */
final class Rows {
  private Rows() {}

  static Account account(ResultSet row) throws SQLException {
    return new Account(
        new AccountId(row.getString("account")),
        row.getLong("seq"),
        balance(row),
        row.getLong("expiring"),
        Hash.of(row.getBytes("head")),
        time(row, "last_at"),
        row.getBoolean("frozen"));
  }

  static Balance balance(ResultSet row) throws SQLException {
    return new Balance(
        row.getLong("available"), row.getLong("held"), row.getLong("pending"), row.getLong("debt"));
  }

  static Hold hold(ResultSet row) throws SQLException {
    HoldState state =
        new HoldState(
            uuid(row, "hold_id"),
            HoldStatus.of(row.getString("status")),
            row.getLong("amount"),
            row.getLong("captured"),
            row.getLong("released"),
            time(row, "expires_at"));
    return new Hold(
        new AccountId(row.getString("account")),
        row.getString("source"),
        state,
        time(row, "created_at"),
        parcels(row));
  }

  private static List<Parcel> parcels(ResultSet row) throws SQLException {
    @Nullable UUID[] lots = (UUID[]) row.getArray("lots").getArray();
    Long[] amounts = (Long[]) row.getArray("lot_amounts").getArray();
    List<Parcel> parcels = new ArrayList<>(lots.length);
    for (int i = 0; i < lots.length; i++) {
      parcels.add(new Parcel(lots[i], amounts[i]));
    }
    return parcels;
  }

  static Lot lot(ResultSet row) throws SQLException {
    return new Lot(
        uuid(row, "lot_id"),
        new AccountId(row.getString("account")),
        row.getString("source"),
        row.getLong("seq"),
        row.getLong("amount"),
        row.getLong("remaining"),
        LotStatus.of(row.getString("status")),
        timeOrNull(row, "expires_at"),
        timeOrNull(row, "available_at"));
  }

  static Transaction transaction(ResultSet row) throws SQLException {
    Verb verb = Verb.of(row.getString("type"));
    String maker = row.getString("maker");
    return new Transaction(
        uuid(row, "transaction_id"),
        new AccountId(row.getString("account")),
        row.getLong("seq"),
        key(row),
        request(
            row,
            verb,
            holdIdOf(row, verb),
            row.getObject("refers_to", UUID.class),
            requestedAmount(row, verb)),
        row.getLong("amount"),
        new Balance(
            row.getLong("available_change"),
            row.getLong("held_change"),
            row.getLong("pending_change"),
            row.getLong("debt_change")),
        balance(row),
        row.getString("counter"),
        row.getLong("counter_change"),
        holdState(row),
        row.getObject("refers_to", UUID.class),
        moves(row),
        maker == null ? null : new Transaction.Approval(maker, row.getString("checker")),
        row.getString("reason"),
        row.getString("metadata"),
        time(row, "created_at"),
        Hash.of(row.getBytes("hash")));
  }

  /** The hold that the caller named; placing one names none. */
  private static @Nullable UUID holdIdOf(ResultSet row, Verb verb) throws SQLException {
    return verb == Verb.HOLD ? null : row.getObject("hold_id", UUID.class);
  }

  /** Where the amount asked for is always the amount moved, it is stored once. */
  private static @Nullable Long requestedAmount(ResultSet row, Verb verb) throws SQLException {
    return switch (verb) {
      case CREDIT, DEBIT, HOLD -> row.getLong("amount");
      case CAPTURE, RELEASE, REFUND, REVERSE, EXPIRE_HOLD, ACTIVATE, EXPIRE_LOT, ADJUST ->
          row.getObject("requested_amount", Long.class);
    };
  }

  static Refusal refusal(ResultSet row) throws SQLException {
    Verb verb = Verb.of(row.getString("type"));
    return new Refusal(
        key(row),
        request(
            row,
            verb,
            row.getObject("target_hold", UUID.class),
            row.getObject("target_transaction", UUID.class),
            row.getObject("requested_amount", Long.class)),
        new AccountId(row.getString("account")),
        Refusal.Code.of(row.getString("code")),
        new Refusal.Facts(
            row.getObject("available", Long.class),
            row.getObject("remaining", Long.class),
            holdState(row)),
        time(row, "created_at"),
        row.getString("request_id"));
  }

  private static ExternalKey key(ResultSet row) throws SQLException {
    return new ExternalKey(row.getString("source"), row.getString("external_id"));
  }

  private static Request request(
      ResultSet row,
      Verb verb,
      @Nullable UUID hold,
      @Nullable UUID transaction,
      @Nullable Long amount)
      throws SQLException {
    boolean named = namesAccount(verb);
    String policy = row.getString("policy");
    return new Request(
        verb,
        named ? new AccountId(row.getString("account")) : null,
        hold,
        transaction,
        amount,
        timeOrNull(row, "expires_at"),
        timeOrNull(row, "available_at"),
        row.getObject("expires_in", Integer.class),
        row.getObject("final", Boolean.class),
        policy == null ? null : ReversePolicy.of(policy));
  }

  private static boolean namesAccount(Verb verb) {
    return switch (verb) {
      case CREDIT, DEBIT, HOLD, ADJUST -> true;
      case CAPTURE, RELEASE, REFUND, REVERSE, EXPIRE_HOLD, ACTIVATE, EXPIRE_LOT -> false;
    };
  }

  private static @Nullable HoldState holdState(ResultSet row) throws SQLException {
    String status = row.getString("hold_status");
    if (status == null) {
      return null;
    }
    return new HoldState(
        uuid(row, "hold_id"),
        HoldStatus.of(status),
        row.getLong("hold_amount"),
        row.getLong("hold_captured"),
        row.getLong("hold_released"),
        time(row, "hold_expires_at"));
  }

  private static List<LotMove> moves(ResultSet row) throws SQLException {
    Array lots = row.getArray("lots");
    if (lots == null) {
      return List.of();
    }
    UUID[] ids = (UUID[]) lots.getArray();
    Long[] changes = (Long[]) row.getArray("lot_changes").getArray();
    Long[] charges = (Long[]) row.getArray("lot_charges").getArray();
    List<LotMove> moves = new ArrayList<>(ids.length);
    for (int i = 0; i < ids.length; i++) {
      moves.add(new LotMove(ids[i], changes[i], charges[i]));
    }
    return moves;
  }

  private static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
