package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import points.connect.events.EventSchemas;

/** Which revision of which rule is in force when. */
class RuleBookTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-02-01T00:00:00Z");
  private static final String QUEST = "quest.completed";
  private static final String JOINED = "referral.joined_level1";

  private final RuleReader reader = new RuleReader(EventSchemas.shipped().types());

  private RuleBook.Activation activation(
      long id, Instant from, int revision, String name, String event) {
    String text =
        """
        name: %s
        event: %s
        rewards: [{to: '"user:" + event.user_id', points: 1, reason: r}]
        """
            .formatted(name, event);
    return new RuleBook.Activation(id, from, revision, reader.read(text));
  }

  private static List<String> inForce(RuleBook book, String event, Instant time) {
    return book.inForce(event, time).stream()
        .map(activation -> activation.rule().rule().name() + " " + activation.revision())
        .toList();
  }

  @Test
  void theRevisionInForceAtTheTimeIsFoundByName() {
    RuleBook book =
        new RuleBook(
            List.of(
                activation(3, SECOND, 2, "a", QUEST),
                activation(1, FIRST, 1, "b", QUEST),
                activation(2, FIRST, 1, "a", QUEST),
                activation(4, FIRST, 1, "c", JOINED)));
    assertThat(inForce(book, QUEST, FIRST.minusNanos(1))).isEmpty();
    assertThat(inForce(book, QUEST, FIRST)).containsExactly("a 1", "b 1");
    assertThat(inForce(book, QUEST, SECOND.minusNanos(1))).containsExactly("a 1", "b 1");
    assertThat(inForce(book, QUEST, SECOND)).containsExactly("a 2", "b 1");
    assertThat(inForce(book, JOINED, SECOND)).containsExactly("c 1");
    assertThat(inForce(book, "voucher.refunded", SECOND)).isEmpty();
    assertThat(inForce(RuleBook.EMPTY, QUEST, SECOND)).isEmpty();
  }

  @Test
  void aLaterActivationRulesFromItsBeginningEvenWhereAnEarlierOneBeginsLater() {
    RuleBook book =
        new RuleBook(
            List.of(activation(1, SECOND, 1, "a", QUEST), activation(2, FIRST, 2, "a", QUEST)));
    assertThat(inForce(book, QUEST, FIRST)).containsExactly("a 2");
    assertThat(inForce(book, QUEST, SECOND)).containsExactly("a 2");
    assertThat(inForce(book.asOf(1), QUEST, FIRST)).isEmpty();
    assertThat(inForce(book.asOf(1), QUEST, SECOND)).containsExactly("a 1");
  }

  @Test
  void aRuleThatTurnsToAnotherEventLeavesTheOneBefore() {
    RuleBook book =
        new RuleBook(
            List.of(activation(1, FIRST, 1, "a", QUEST), activation(2, SECOND, 2, "a", JOINED)));
    assertThat(inForce(book, QUEST, FIRST)).containsExactly("a 1");
    assertThat(inForce(book, JOINED, FIRST)).isEmpty();
    assertThat(inForce(book, QUEST, SECOND)).isEmpty();
    assertThat(inForce(book, JOINED, SECOND)).containsExactly("a 2");
  }
}
