package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Caller;
import points.kit.CommonError;
import points.kit.Fields;
import points.kit.Problem;
import points.kit.ProblemException;
import points.ledger.Command;
import points.ledger.Outcome;

/**
 * The writing calls. They run on the event loop: read the body, hand the command to its lane, and
 * answer when it is durable.
 */
final class Writes {
  private static final int BATCH_MAX = 1000;

  private final Lanes lanes;

  Writes(Lanes lanes) {
    this.lanes = lanes;
  }

  /** One operation. */
  CompletionStage<Answer> one(Requests.Call verb, Call call) {
    Command command = Requests.command(verb, call.json(), call.caller().source(), call.requestId());
    return lanes
        .submit(command)
        .handle((outcome, failure) -> reply(outcome, failure, call.requestId()).toHttp());
  }

  /** Many operations, each on its own. */
  CompletionStage<Answer> batch(Call call) {
    requireAnyVerb(call.caller());
    Fields body = call.jsonParts();
    List<Fields> items = body.separateObjects("operations", 1, BATCH_MAX);
    body.done();
    List<Item> read = items.stream().map(item -> item(item, call)).toList();
    List<Command> commands = new ArrayList<>();
    for (Item item : read) {
      if (item instanceof Item.Good good) {
        commands.add(good.command());
      }
    }
    List<CompletableFuture<Outcome>> outcomes = lanes.submit(commands);
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .handle((all, failure) -> results(read, outcomes, call.requestId()));
  }

  /** An item of a batch: a command, or what is wrong with it. */
  private sealed interface Item {
    record Good(Command command) implements Item {}

    record Bad(Problem problem) implements Item {}
  }

  private static Item item(Fields fields, Call call) {
    try {
      fields.requireValid(); // that it is an object which can be read
      Requests.Call verb = fields.choice("op", Requests.Call.class);
      fields.requireValid(); // what else is wrong depends on the operation
      if (!call.caller().permissions().contains(verb.wire())) {
        return new Item.Bad(notAllowed(call.caller(), verb));
      }
      return new Item.Good(
          Requests.command(verb, fields, call.caller().source(), call.requestId()));
    } catch (ProblemException e) {
      return new Item.Bad(e.problem());
    }
  }

  private static Problem notAllowed(Caller caller, Requests.Call verb) {
    return Problem.of(
        CommonError.OPERATION_NOT_ALLOWED,
        "This needs the permission " + verb.wire() + ", which " + caller.source() + " lacks.");
  }

  private static void requireAnyVerb(Caller caller) {
    for (Requests.Call verb : Requests.Call.values()) {
      if (caller.permissions().contains(verb.wire())) {
        return;
      }
    }
    throw new ProblemException(
        CommonError.OPERATION_NOT_ALLOWED, caller.source() + " may not call any operation.");
  }

  private static Answer results(
      List<Item> items, List<CompletableFuture<Outcome>> outcomes, String requestId) {
    ObjectNode body = Bodies.object();
    ArrayNode results = body.putArray("results");
    int next = 0;
    for (Item item : items) {
      Answers.Reply reply =
          switch (item) {
            case Item.Good good -> reply(outcomes.get(next++), requestId);
            case Item.Bad bad -> Answers.problem(bad.problem(), requestId);
          };
      results.add(reply.toItem());
    }
    return Answer.json(200, body);
  }

  private static Answers.Reply reply(CompletableFuture<Outcome> done, String requestId) {
    try {
      return Answers.of(done.join(), requestId);
    } catch (CompletionException e) {
      Problem problem = Answers.failure(e);
      return Answers.problem(
          problem == null
              ? Problem.of(
                  CommonError.INTERNAL, "It failed here; the log has it by its request_id.")
              : problem,
          requestId);
    }
  }

  private static Answers.Reply reply(Outcome outcome, Throwable failure, String requestId) {
    if (failure == null) {
      return Answers.of(outcome, requestId);
    }
    Problem problem = Answers.failure(failure);
    if (problem == null) {
      throw new CompletionException(failure);
    }
    throw new ProblemException(problem);
  }
}
