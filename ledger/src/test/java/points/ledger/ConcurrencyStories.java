package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many callers at once. */
interface ConcurrencyStories extends StoryTeller {
  @Test
  default void fiftyCallersWithOneKeyMakeOneEffect() throws Exception {
    tell(
        """
        credit c1 user:1 100
        debit  d1 user:1 10
        hold   h1 user:1 10
        hold   h2 user:1 10
        hold   h3 user:1 10 ttl=60
        credit c2 user:1 10 available=+10s
        credit c3 user:1 10 expires=+60s
        """);
    story().tell("at +60s");
    for (String sentence :
        List.of(
            "credit x1 user:1 10",
            "debit x2 user:1 10",
            "hold x3 user:1 10",
            "capture x4 $h1 5",
            "release x5 $h2",
            "refund x6 $d1 5",
            "reverse x7 $c1 5",
            "adjust x8 user:1 -5",
            "expire_hold $h3",
            "activate $c2",
            "expire_lot $c3 99")) {
      Command command = story().command(sentence);
      List<Outcome> outcomes = atOnce(50, command);
      List<Transaction> posted = posted(outcomes);
      assertThat(posted).as(sentence).hasSize(1);
      assertThat(outcomes)
          .as(sentence)
          .filteredOn(o -> !(o instanceof Outcome.Posted))
          .hasSize(49)
          .containsOnly(new Outcome.Replayed(posted.getFirst()));
    }
  }

  @Test
  default void fiftyCallersWithOneKeyAndTwoAmountsMakeOneEffect() throws Exception {
    tell("credit c1 user:1 1000");
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      commands.add(story().command("debit x1 user:1 " + (10 + i % 2)));
    }
    List<Outcome> outcomes = atOnce(commands);
    assertThat(posted(outcomes)).hasSize(1);
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Replayed).hasSize(24);
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Conflicting).hasSize(25);
  }

  @Test
  default void aHoldEndsOnceHoweverManyTry() throws Exception {
    tell("credit c1 user:1 1000");
    for (int round = 0; round < 20; round++) {
      tell("hold h%d user:1 10".formatted(round));
      List<Command> commands = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String verb = i % 2 == 0 ? "capture" : "release";
        commands.add(story().command("%s e%d-%d $h%d".formatted(verb, round, i, round)));
      }
      List<Outcome> outcomes = atOnce(commands);
      assertThat(posted(outcomes)).hasSize(1);
      HoldState ended = posted(outcomes).getFirst().hold();
      assertThat(outcomes)
          .filteredOn(o -> o instanceof Outcome.Refused)
          .hasSize(7)
          .allSatisfy(
              o -> {
                Refusal refusal = ((Outcome.Refused) o).refusal();
                assertThat(refusal.code()).isEqualTo(Refusal.Code.HOLD_NOT_ACTIVE);
                assertThat(refusal.facts().hold()).isEqualTo(ended);
              });
    }
  }

  @Test
  default void aHotAccountIsNeverOverspent() throws Exception {
    tell("credit c1 user:1 100");
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      commands.add(story().command((i % 2 == 0 ? "debit" : "hold") + " x" + i + " user:1 7"));
    }
    assertThat(posted(atOnce(commands))).hasSize(14);
    Balance left = ledger().account(new AccountId("user:1")).balance();
    assertThat(left.available()).isEqualTo(2);
  }

  private static List<Transaction> posted(List<Outcome> outcomes) {
    List<Transaction> posted = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Posted(Transaction transaction)) {
        posted.add(transaction);
      }
    }
    return posted;
  }

  private List<Outcome> atOnce(int callers, Command command) throws Exception {
    return atOnce(Collections.nCopies(callers, command));
  }

  /** Each command by a caller of its own, all at the same time. */
  private List<Outcome> atOnce(List<Command> commands) throws Exception {
    Ledger ledger = ledger();
    CountDownLatch start = new CountDownLatch(1);
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> answers = new ArrayList<>();
      for (Command command : commands) {
        Callable<Outcome> call =
            () -> {
              start.await();
              return ledger.execute(List.of(command)).getFirst();
            };
        answers.add(callers.submit(call));
      }
      start.countDown();
      for (Future<Outcome> answer : answers) {
        outcomes.add(answer.get());
      }
    }
    return outcomes;
  }
}
