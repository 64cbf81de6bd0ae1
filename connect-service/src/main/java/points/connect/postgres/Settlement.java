package points.connect.postgres;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What Points made of something that was sent. Immutable. */
public sealed interface Settlement {

  /**
   * It is done.
   *
   * @param id Points' own id of the transaction
   * @param moved how many points
   */
  record Done(UUID id, long moved) implements Settlement {}

  /** Points says no, for ever. */
  record Refused(String why, String text) implements Settlement {}

  /** It is wrong in itself: trying again would not help. */
  record Dead(String why, String text) implements Settlement {}

  /** Nothing is known: to be sent again after a while. */
  record Later(Duration after, String text) implements Settlement {}

  /** The state of an action that is credited. */
  default String creditState() {
    return switch (this) {
      case Done unused -> "credited";
      case Refused unused -> "refused";
      case Dead unused -> "dead";
      case Later unused -> "pending";
    };
  }

  /** The state of a reversal. */
  default String reversalState() {
    return this instanceof Done ? "done" : creditState();
  }

  /** What happens to an action that is credited. */
  default String change() {
    return switch (this) {
      case Done unused -> "credit";
      case Refused unused -> "refuse";
      case Dead unused -> "give_up";
      case Later unused -> throw new IllegalStateException("nothing happens yet");
    };
  }

  /** Points' own id of the transaction, for a column; null for none. */
  default @Nullable String transaction() {
    return this instanceof Done done ? done.id().toString() : null;
  }

  /** How many points were moved; null for none. */
  default @Nullable Long points() {
    return this instanceof Done done ? (Long) done.moved() : null;
  }

  /** Why not, as a code; null where it is done, or not yet. */
  default @Nullable String code() {
    return switch (this) {
      case Refused refused -> refused.why();
      case Dead dead -> dead.why();
      case Done unused -> null;
      case Later unused -> null;
    };
  }

  /** Why not, for people; null where it is done. */
  default @Nullable String detail() {
    return switch (this) {
      case Refused refused -> refused.text();
      case Dead dead -> dead.text();
      case Later later -> later.text();
      case Done unused -> null;
    };
  }

  /** How long to wait, in milliseconds. */
  default long millis() {
    return this instanceof Later later ? later.after().toMillis() : 0;
  }
}
