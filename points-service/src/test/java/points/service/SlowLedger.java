package points.service;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.ledger.Account;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Hold;
import points.ledger.Ids;
import points.ledger.InMemoryLedger;
import points.ledger.Ledger;
import points.ledger.Limits;
import points.ledger.Lot;
import points.ledger.Outcome;
import points.ledger.Recorded;
import points.ledger.Transaction;

/** The model, which waits with its first batch until it is told to go on. */
final class SlowLedger implements Ledger {
  final CountDownLatch begun = new CountDownLatch(1);
  final CountDownLatch go = new CountDownLatch(1);
  final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
  volatile Consumer<List<Command>> whileExecuting = batch -> {};
  volatile Function<Command, @Nullable Outcome> atHand = command -> null;
  final InMemoryLedger model =
      new InMemoryLedger(InstantSource.system(), new Ids(new Random(1)), Limits.NONE);

  @Override
  public List<Outcome> execute(List<Command> commands) {
    begun.countDown();
    LaneTest.await(go);
    batchSizes.add(commands.size());
    whileExecuting.accept(commands);
    synchronized (model) {
      return model.execute(commands);
    }
  }

  @Override
  public @Nullable Outcome recall(Command command) {
    return atHand.apply(command);
  }

  @Override
  public Account account(AccountId id) {
    return model.account(id);
  }

  @Override
  public @Nullable Hold hold(UUID id) {
    return model.hold(id);
  }

  @Override
  public List<Lot> lots(AccountId id) {
    return model.lots(id);
  }

  @Override
  public List<Transaction> history(AccountId id) {
    return model.history(id);
  }

  @Override
  public @Nullable Recorded recorded(ExternalKey key) {
    return model.recorded(key);
  }

  @Override
  public List<Command> due(int limit) {
    return model.due(limit);
  }

  @Override
  public void freeze(AccountId id, boolean frozen) {
    model.freeze(id, frozen);
  }
}
