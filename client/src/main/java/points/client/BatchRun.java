package points.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way: sent again, without what is decided, until all of it is. For one thread.
 */
final class BatchRun {
  private static final int OPERATIONS_MAX = 1000;

  /** One item's answer. */
  private record Item(int status, boolean replay, Json body) {}

  private final Transport transport;
  private final Patience patience;
  private final List<? extends Operation> operations;
  private final @Nullable Outcome[] outcomes;
  private boolean lost;

  BatchRun(Transport transport, Patience patience, List<? extends Operation> operations) {
    Checks.require(
        !operations.isEmpty() && operations.size() <= OPERATIONS_MAX,
        "a batch must have 1 to " + OPERATIONS_MAX + " operations, not " + operations.size());
    this.transport = transport;
    this.patience = patience;
    this.operations = List.copyOf(operations);
    this.outcomes = new Outcome[operations.size()];
  }

  List<Outcome> outcomes() {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      open.add(i);
    }
    String last = send(open);
    while (!open.isEmpty() && !lost && pause()) {
      last = send(open);
    }
    Outcome unknown = new Outcome.Unknown(last);
    List<Outcome> all = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      all.add(Objects.requireNonNullElse(outcome, unknown));
    }
    return List.copyOf(all);
  }

  /** Sends what is open, closes what is decided, and says what became of the rest. */
  private String send(List<Integer> open) {
    List<Operation> now = new ArrayList<>();
    open.forEach(i -> now.add(operations.get(i)));
    return switch (transport.send(Requests.batch(now), patience)) {
      case Transport.Result.Lost nothing -> {
        lost = true;
        yield nothing.detail();
      }
      case Transport.Result.Answer answer -> {
        Json body = Answers.body(answer);
        if (answer.status() != 200) {
          Outcome rejected = new Outcome.Rejected(Answers.problem(answer.status(), body));
          open.forEach(i -> outcomes[i] = rejected);
          open.clear();
          yield "";
        }
        yield decide(open, body.list("results", BatchRun::item));
      }
    };
  }

  private static Item item(Json item) {
    boolean replay = item.has("replay") && item.node().get("replay").asBoolean();
    return new Item((int) item.integer("status"), replay, item.object("body"));
  }

  private String decide(List<Integer> open, List<Item> items) {
    if (items.size() != open.size()) {
      throw new ContractBroken(
          "The answer has " + items.size() + " results for " + open.size() + " operations");
    }
    String last = "";
    List<Integer> later = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (Answers.isLater(item.status())) {
        later.add(open.get(i));
        last = "No decision by Points Service, status " + item.status() + ".";
      } else {
        outcomes[open.get(i)] = Answers.outcome(item.status(), item.replay(), item.body());
      }
    }
    open.clear();
    open.addAll(later);
    return last;
  }

  private boolean pause() {
    try {
      return patience.pause(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
