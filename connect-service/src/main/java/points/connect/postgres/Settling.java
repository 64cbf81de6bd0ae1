package points.connect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.connect.rules.Reward;

/** Keeps what the dispatchers of rewards that are no points say became of them. Thread-safe. */
public final class Settling {

  /** What it is about. */
  public enum Part {
    /** Giving the reward. */
    REWARD,
    /** Taking it back, after its event was cancelled. */
    REVERSAL
  }

  /** What became of it. */
  public enum Outcome {
    DONE,
    /** It will not be done, for a reason that lies in the reward or its account. */
    REFUSED,
    /** It cannot be done: a person has to look. */
    FAILED
  }

  /**
   * What a dispatcher says.
   *
   * @param reference what the dispatcher calls it; null for nothing
   * @param code why not; null where it is done
   * @param detail for people; null for none
   */
  public record Report(
      Part part,
      Outcome outcome,
      @Nullable String reference,
      @Nullable String code,
      @Nullable String detail) {

    private String state() {
      return switch (outcome) {
        case DONE -> part == Part.REWARD ? "credited" : "done";
        case REFUSED -> "refused";
        case FAILED -> "dead";
      };
    }

    private String change() {
      return switch (outcome) {
        case DONE -> "credit";
        case REFUSED -> "refuse";
        case FAILED -> "give_up";
      };
    }
  }

  /** What became of a report. */
  public sealed interface Settled {
    /** It is kept, now or before. */
    record Yes() implements Settled {}

    /** There is no such action. */
    record Unknown() implements Settled {}

    /** It is not waiting for this. */
    record Impossible(String why) implements Settled {}
  }

  private static final String LOCK =
      """
      SELECT a.type, a.state, a.reference, a.code, r.state AS r_state, r.reference AS r_reference,
             r.code AS r_code
      FROM reward_action a LEFT JOIN reversal r USING (action_id)
      WHERE a.action_id = ? FOR UPDATE OF a""";

  private static final String SETTLE =
      """
      UPDATE reward_action SET state = ?, change = ?, reference = ?, code = ?, detail = ?,
        settled_at = clock_timestamp()
      WHERE action_id = ?""";

  private static final String SETTLE_REVERSAL =
      """
      UPDATE reversal r SET state = ?, reference = ?, code = ?, detail = ?,
        points = CASE WHEN ? THEN a.points END, settled_at = clock_timestamp()
      FROM reward_action a WHERE r.action_id = ? AND a.action_id = r.action_id""";

  private record Stand(
      String type, String state, @Nullable String reference, @Nullable String code) {

    boolean isAsReported(Report report) {
      return state.equals(report.state())
          && Objects.equals(reference, report.reference())
          && Objects.equals(code, report.code());
    }
  }

  private record Both(Stand reward, @Nullable Stand reversal) {}

  private final Transactions transactions;

  /** Settles actions of this database. */
  public Settling(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Keeps a report. The same one again changes nothing. */
  public Settled settle(UUID action, Report report) {
    return transactions.run(
        connection -> {
          List<Both> found = Transactions.list(connection, LOCK, Settling::both, action);
          if (found.isEmpty()) {
            return new Settled.Unknown();
          }
          Both both = found.getFirst();
          if (both.reward().type().equals(Reward.POINTS)) {
            return new Settled.Impossible("points are sent to Points Service by Connect itself");
          }
          return switch (report.part()) {
            case REWARD -> settleReward(connection, action, both.reward(), report);
            case REVERSAL -> settleReversal(connection, action, both, report);
          };
        });
  }

  private static Settled settleReward(
      Connection connection, UUID action, Stand stand, Report report) throws SQLException {
    if (!stand.state().equals("pending")) {
      return stand.isAsReported(report)
          ? new Settled.Yes()
          : new Settled.Impossible("it is " + stand.state() + " already");
    }
    int unused =
        Transactions.update(
            connection,
            SETTLE,
            report.state(),
            report.change(),
            report.reference(),
            report.code(),
            report.detail(),
            action);
    return new Settled.Yes();
  }

  private static Settled settleReversal(
      Connection connection, UUID action, Both both, Report report) throws SQLException {
    Stand stand = both.reversal();
    if (stand == null) {
      return new Settled.Impossible("its event was not cancelled");
    }
    if (!stand.state().equals("pending")) {
      return stand.isAsReported(report)
          ? new Settled.Yes()
          : new Settled.Impossible("its reversal is " + stand.state() + " already");
    }
    if (!both.reward().state().equals("credited")) {
      return new Settled.Impossible(
          "it is " + both.reward().state() + ": there is nothing to take back");
    }
    boolean done = report.outcome() == Outcome.DONE;
    int reversals =
        Transactions.update(
            connection,
            SETTLE_REVERSAL,
            report.state(),
            report.reference(),
            report.code(),
            report.detail(),
            done,
            action);
    int rewards = done ? Transactions.update(connection, ActionQueue.REVERSE_ONE, action) : 1;
    if (reversals != 1 || rewards != 1) {
      throw new IllegalStateException("what was locked has changed: " + action);
    }
    return new Settled.Yes();
  }

  private static Both both(ResultSet row) throws SQLException {
    String type = row.getString("type");
    String reversal = row.getString("r_state");
    return new Both(
        new Stand(type, row.getString("state"), row.getString("reference"), row.getString("code")),
        reversal == null
            ? null
            : new Stand(type, reversal, row.getString("r_reference"), row.getString("r_code")));
  }
}
