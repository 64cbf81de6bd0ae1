package points.connect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import points.connect.rules.Decision;
import points.connect.rules.Event;
import points.connect.rules.Proposal;
import points.connect.rules.RuleBook;
import points.kit.Pipeline;

/** Decides new events within the transaction that makes them durable. Thread-safe. */
public final class Deciding {

  /** An event that rules apply to, and what they propose. */
  record Proposed(long seq, Proposal proposal) {}

  /** An event that could not be applied. */
  record Dead(Intake.Numbered event, String reason) {}

  /** An event, and what it brings. */
  record Decided(Proposed event, Decision decision) {}

  private static final int REASON_MAX = 500;

  private final Set<String> rewardTypes;
  private final InstantSource clock;

  /**
   * Decides by this clock.
   *
   * @param rewardTypes that somebody dispatches; rewards of other types are refused
   */
  public Deciding(Set<String> rewardTypes, InstantSource clock) {
    this.rewardTypes = Set.copyOf(rewardTypes);
    this.clock = clock;
  }

  /**
   * Decides events that were inserted in this transaction, and commits it.
   *
   * @return how many actions were made that are to be sent
   */
  int decideAndCommit(Connection connection, List<Intake.Numbered> events, RuleBook book)
      throws SQLException {
    return decideAndCommit(connection, events, book, pipeline -> {});
  }

  /**
   * The same.
   *
   * @param last adds what is done between the writing and the commit
   */
  int decideAndCommit(
      Connection connection, List<Intake.Numbered> events, RuleBook book, Consumer<Pipeline> last)
      throws SQLException {
    List<Proposed> proposals = new ArrayList<>();
    List<Dead> dead = new ArrayList<>();
    for (Intake.Numbered event : events) {
      propose(event, book, proposals, dead);
    }
    Standing standing = Standing.read(connection, proposals);
    List<Decided> decided = decide(proposals, standing);
    Recording.writeAndCommit(connection, decided, dead, standing, last);
    return decided.stream().mapToInt(d -> toSend(d.decision())).sum();
  }

  private static void propose(
      Intake.Numbered event, RuleBook book, List<Proposed> proposals, List<Dead> dead) {
    Event facts = event.event().facts();
    if (facts == null) {
      dead.add(new Dead(event, String.valueOf(event.event().misfit())));
      return;
    }
    Proposal proposal = Proposal.of(facts, book);
    String failure = proposal.failure();
    if (failure != null) {
      dead.add(new Dead(event, failure));
    } else if (!proposal.matches().isEmpty() || !proposal.keys().isEmpty()) {
      proposals.add(new Proposed(event.seq(), proposal));
    }
  }

  private List<Decided> decide(List<Proposed> proposals, Standing standing) {
    List<Decided> decided = new ArrayList<>(proposals.size());
    for (Proposed proposed : proposals) {
      Decision.Terms terms =
          new Decision.Terms(
              clock.instant().truncatedTo(ChronoUnit.MICROS),
              rule -> standing.isCancelled(proposed, rule),
              rewardTypes);
      Decision decision = Decision.of(proposed.proposal(), standing.allowances(), terms);
      standing.bury(proposed, decision);
      decided.add(new Decided(proposed, decision));
    }
    return decided;
  }

  /** Why an event is a dead letter whose deciding brings out a bug; the log has all of it. */
  static String bug(Throwable bug) {
    Throwable cause = bug;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return LostEvents.storable(
        "deciding it failed unexpectedly: " + cause.getClass().getSimpleName() + ": " + said,
        REASON_MAX);
  }

  private static int toSend(Decision decision) {
    return (int) decision.actions().stream().filter(a -> a.refusal() == null).count();
  }
}
