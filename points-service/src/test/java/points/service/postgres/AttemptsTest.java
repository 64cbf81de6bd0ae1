package points.service.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import points.ledger.AccountId;
import points.ledger.Batch;
import points.ledger.Changes;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.Outcome;
import points.ledger.SettableClock;

/** Who is answered as the first when a batch is tried again. */
class AttemptsTest {
  private static final AccountId ACCOUNT = new AccountId("user:1");

  private final SettableClock clock = new SettableClock();
  private final Ids ids = new Ids(new Random(1));
  private final Batch batch =
      new Batch(new InMemoryLedger(clock, ids, Limits.NONE), ids, Limits.NONE);
  private final Outcome posted = decide("c1", new Operation.Credit(ACCOUNT, 5, null, null));
  private final Outcome refused = decide("d1", new Operation.Debit(ACCOUNT, 6));
  private final Outcome replayed = decide("c1", new Operation.Credit(ACCOUNT, 5, null, null));
  private final Outcome refusedAgain = decide("d1", new Operation.Debit(ACCOUNT, 6));
  private final Changes changes = batch.changes();
  private final Attempts attempts = new Attempts();

  private Outcome decide(String id, Operation operation) {
    ExternalKey key = new ExternalKey("quest", id);
    return batch.decide(new Command(key, operation, null, null, "request"), clock.instant());
  }

  @Test
  void whatATryInDoubtHasDoneIsTheFirstAnswerOnce() {
    attempts.begin();
    attempts.write(changes);
    attempts.fail();
    attempts.begin();
    assertThat(settled()).containsExactly(posted, refused);
    assertThat(settled()).containsExactly(replayed, refusedAgain);
  }

  /** Whatever it has found, nobody was told of it. */
  @Test
  void aTryThatFailsTooHasToldNobody() {
    attempts.begin();
    attempts.write(changes);
    attempts.fail();
    attempts.begin();
    assertThat(settled()).containsExactly(posted, refused);
    attempts.fail();
    attempts.begin();
    assertThat(settled()).containsExactly(posted, refused);
  }

  /** It was rolled back, so what is found there now is somebody else's. */
  @Test
  void whatATryThatWasRefusedMeantToDoIsNotItsOwn() {
    attempts.begin();
    attempts.write(changes);
    attempts.begin();
    assertThat(settled()).containsExactly(replayed, refusedAgain);
  }

  private List<Outcome> settled() {
    return List.of(attempts.settle(replayed), attempts.settle(refusedAgain));
  }
}
