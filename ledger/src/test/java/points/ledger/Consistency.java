package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.function.Function;

/** What must be true of any outcome, whatever the command was. */
final class Consistency {
  private Consistency() {}

  /**
   * Checks an outcome against its command and what the ledger keeps now.
   *
   * @param histories by account, as they are now
   * @param before the account before the command, or before the batch that it was in
   */
  static void check(
      Ledger ledger,
      Function<AccountId, Set<Transaction>> histories,
      Instant now,
      Command command,
      Outcome outcome,
      Account before) {
    Recorded kept = ledger.recorded(command.key());
    switch (outcome) {
      case Outcome.Posted(Transaction t) -> {
        assertThat(kept).isEqualTo(t);
        assertThat(t.key()).isEqualTo(command.key());
        assertThat(t.request()).isEqualTo(Request.of(command.operation()));
        assertThat(t.reason()).isEqualTo(command.reason());
        assertThat(t.metadata()).isEqualTo(command.metadata());
        assertThat(t.createdAt()).isEqualTo(later(now, before.lastAt()));
        assertThat(t.id().getMostSignificantBits() >>> 16).isEqualTo(t.createdAt().toEpochMilli());
        assertThat(histories.apply(t.account())).contains(t);
      }
      case Outcome.Refused(Refusal r, boolean replay) -> {
        assertThat(kept).isEqualTo(r);
        assertThat(r.key()).isEqualTo(command.key());
        assertThat(r.request()).isEqualTo(Request.of(command.operation()));
        if (!replay) {
          assertThat(r.createdAt()).isEqualTo(later(now, before.lastAt()));
          assertThat(r.requestId()).isEqualTo(command.requestId());
        }
      }
      case Outcome.Replayed(Transaction t) -> assertThat(kept).isEqualTo(t);
      case Outcome.Conflicting conflict -> {
        assertThat(kept).isNotNull();
        assertThat(conflict.differing()).isNotEmpty();
        assertThat(conflict.transactionId())
            .isEqualTo(kept instanceof Transaction first ? first.id() : null);
      }
      case Outcome.HoldNotFound missing -> assertThat(kept).isNull();
      case Outcome.TransactionNotFound missing -> assertThat(kept).isNull();
      case Outcome.NotOwner other -> assertThat(kept).isNull();
      case Outcome.Invalid invalid -> assertThat(kept).isNull();
      case Outcome.NothingDue nothing -> assertThat(kept).isNull();
    }
  }

  private static Instant later(Instant now, Instant last) {
    Instant micros = now.truncatedTo(ChronoUnit.MICROS);
    return micros.isBefore(last) ? last : micros;
  }
}
