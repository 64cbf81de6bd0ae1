package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a batch leaves to be written. */
final class ChangesTest {
  private final SettableClock clock = new SettableClock();
  private final Ids ids = new Ids(new Random(1));
  private final InMemoryLedger ledger = new InMemoryLedger(clock, ids, Limits.NONE);
  private final Story story = new Story(ledger, clock);

  private Changes changesOf(String sentence) {
    Batch batch = new Batch(ledger, ids, Limits.NONE);
    Outcome unused = batch.decide(story.command(sentence), clock.instant());
    return batch.changes();
  }

  @Test
  void whatIsPostedOrRefusedIsWritten() {
    story.tell("credit c1 user:1 10");
    assertThat(changesOf("debit d1 user:1 10").isEmpty()).isFalse();
    assertThat(changesOf("debit d1 user:1 11").isEmpty()).as("a refusal is kept").isFalse();
  }

  @Test
  void whatIsNotRememberedIsNotWritten() {
    story.tell("credit c1 user:1 10");
    for (String sentence :
        new String[] {
          "credit c1 user:1 10", // again
          "credit c1 user:1 11", // a conflict
          "capture k1 $nothing",
          "refund f1 $nothing",
          "reverse v1 $c1 source=other",
          "credit c2 user:1 1 expires=-1s",
          "expire_hold $nothing"
        }) {
      assertThat(changesOf(sentence).isEmpty()).as(sentence).isTrue();
    }
  }

  @Test
  void onlyAReversalMakesDebtAndACreditThatRepaysItMakesNone() {
    story.tell("credit c1 user:1 10\ndebit d1 user:1 8");
    Transaction reversal = posted("reverse v1 $c1 policy=debt");
    assertThat(reversal.amount()).isEqualTo(10);
    assertThat(reversal.debtMade()).isEqualTo(8);
    story.tell("reverse v1 $c1 policy=debt -> ok 10 | 0 0 0 8");
    assertThat(posted("credit c2 user:1 5").debtMade()).isZero();
  }

  private Transaction posted(String sentence) {
    return changesOf(sentence).transactions().getFirst();
  }
}
