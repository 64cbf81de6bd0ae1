package points.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one table of what may happen to holds and lots. The code asks it, {@code
 * docs/reference/states.md} prints it, and the database's CHECK constraints state it once more; a
 * test compares the three.
 */
public final class Transitions {
  /**
   * One row.
   *
   * @param from {@code null}: it comes into being
   */
  public record Row<S extends Enum<S>>(@Nullable S from, Verb verb, S to) {}

  /** What may happen to a hold. */
  public static final List<Row<HoldStatus>> HOLD =
      List.of(
          new Row<>(null, Verb.HOLD, HoldStatus.ACTIVE),
          new Row<>(HoldStatus.ACTIVE, Verb.CAPTURE, HoldStatus.ACTIVE),
          new Row<>(HoldStatus.ACTIVE, Verb.CAPTURE, HoldStatus.CAPTURED),
          new Row<>(HoldStatus.ACTIVE, Verb.RELEASE, HoldStatus.RELEASED),
          new Row<>(HoldStatus.ACTIVE, Verb.EXPIRE_HOLD, HoldStatus.EXPIRED));

  /** What may happen to a lot. */
  public static final List<Row<LotStatus>> LOT =
      List.of(
          new Row<>(null, Verb.CREDIT, LotStatus.PENDING),
          new Row<>(null, Verb.CREDIT, LotStatus.OPEN),
          new Row<>(LotStatus.PENDING, Verb.ACTIVATE, LotStatus.OPEN),
          new Row<>(LotStatus.PENDING, Verb.ACTIVATE, LotStatus.MERGED),
          new Row<>(LotStatus.PENDING, Verb.REVERSE, LotStatus.PENDING),
          new Row<>(LotStatus.PENDING, Verb.REVERSE, LotStatus.REVERSED),
          new Row<>(LotStatus.OPEN, Verb.DEBIT, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.HOLD, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.CAPTURE, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.RELEASE, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.EXPIRE_HOLD, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.REFUND, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.REVERSE, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.ADJUST, LotStatus.OPEN),
          new Row<>(LotStatus.OPEN, Verb.EXPIRE_LOT, LotStatus.EXPIRED),
          new Row<>(LotStatus.EXPIRED, Verb.CAPTURE, LotStatus.OPEN),
          new Row<>(LotStatus.EXPIRED, Verb.RELEASE, LotStatus.OPEN),
          new Row<>(LotStatus.EXPIRED, Verb.EXPIRE_HOLD, LotStatus.OPEN),
          new Row<>(LotStatus.EXPIRED, Verb.REFUND, LotStatus.OPEN));

  private Transitions() {}

  /**
   * Says that {@code verb} leads from one state to another.
   *
   * @return {@code to}
   * @throws IllegalStateException if the table has no such row: a bug, never a refusal
   */
  static <S extends Enum<S>> S take(List<Row<S>> table, @Nullable S from, Verb verb, S to) {
    for (Row<S> row : table) {
      if (row.from() == from && row.verb() == verb && row.to() == to) {
        return to;
      }
    }
    throw new IllegalStateException("no transition: " + from + " " + verb + " " + to);
  }
}
