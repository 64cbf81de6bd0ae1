package points.purchases;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.client.PointsClient;
import points.kit.CommonError;
import points.kit.Database;
import points.kit.Problem;
import points.kit.ProblemException;
import points.kit.Uuid7;

/**
 * Purchases that are paid with points. Every step is written down before Points is asked for it,
 * under an external id that follows from the purchase; so whoever goes on after a crash asks the
 * same again and finds out how far it came. Safe for use by many threads and processes.
 */
public final class Purchases {
  private static final Logger log = LoggerFactory.getLogger(Purchases.class);
  private static final int DUE_MAX = 200;

  /**
   * A purchase and whether it had been ordered before.
   *
   * @param replayed whether this order is a repetition
   */
  public record Ordered(Purchase purchase, boolean replayed) {}

  private final Database database;
  private final Goods goods;
  private final Steps steps;
  private final Duration holdCheck;
  private final Runnable news;

  /**
   * Purchases of these goods.
   *
   * @param database with the tables {@code purchase} and {@code outbox}
   * @param holdCheck how often it is looked whether a hold still stands
   * @param news called when there may be an event to deliver
   */
  public Purchases(
      Database database, Goods goods, PointsClient points, Duration holdCheck, Runnable news) {
    this.database = database;
    this.goods = goods;
    this.steps = new Steps(goods, points);
    this.holdCheck = holdCheck;
    this.news = news;
  }

  /**
   * Orders, once for each request id of a source.
   *
   * @throws ProblemException {@code request_id_conflict} for another order under a used request id,
   *     or what the goods say
   */
  public Ordered order(Purchase.Order order) throws SQLException {
    Optional<Purchase> written =
        database.inTransaction(
            transaction -> {
              Optional<Purchase> first = PurchaseTable.insert(transaction, Uuid7.next(), order);
              if (first.isPresent()) {
                goods.entered(transaction, first.get());
              }
              return first;
            });
    if (written.isPresent()) {
      return new Ordered(advance(written.get()), false);
    }
    Purchase earlier =
        database
            .inTransaction(
                transaction -> PurchaseTable.find(transaction, order.source(), order.requestId()))
            .orElseThrow();
    if (!PurchaseTable.isSame(earlier.order(), order)) {
      throw new ProblemException(
          Problem.of(
                  PurchaseError.REQUEST_ID_CONFLICT,
                  "This request_id was used before for another order; use a new one.")
              .with(goods.aggregate() + "_id", earlier.id().toString()));
    }
    return new Ordered(advance(earlier), true);
  }

  /**
   * A purchase as it stands.
   *
   * @throws ProblemException {@code not_found}
   */
  public Purchase get(UUID id) throws SQLException {
    return database
        .inTransaction(transaction -> PurchaseTable.find(transaction, id))
        .orElseThrow(
            () ->
                new ProblemException(
                    CommonError.NOT_FOUND, "There is no " + goods.aggregate() + " " + id + "."));
  }

  /**
   * Does what a buyer asks of a purchase, if its state allows it or it has been done before.
   *
   * @return the purchase as it stands then; open where Points has not answered in time
   * @throws ProblemException {@code hold_expired} or {@code state_conflict} with the state, {@code
   *     not_found}, or what Points says
   */
  public Purchase act(UUID id, Action action) throws SQLException {
    Purchase purchase = advance(get(id));
    State to = action.moves().get(purchase.state());
    if (to != null) {
      purchase = advance(move(purchase, new Step.Move(to, Step.Facts.NONE)));
    }
    State state = purchase.state();
    if (action.done().contains(state) || isUnderWay(action, state)) {
      return purchase;
    }
    if (purchase.problem() != null) {
      throw new ProblemException(PurchaseAnswers.passedOn(purchase, goods));
    }
    throw new ProblemException(PurchaseAnswers.conflict(purchase, action, goods));
  }

  private static boolean isUnderWay(Action action, State state) {
    return state.isOpen() && action.moves().containsValue(state);
  }

  /** Finishes what was left half done, and finds out which holds have ended. */
  public void recover() throws SQLException {
    for (Purchase due :
        database.inTransaction(transaction -> PurchaseTable.due(transaction, DUE_MAX))) {
      try {
        if (due.state() == State.RESERVED) {
          take(due, steps.ofHold(due));
        } else {
          advance(due);
        }
      } catch (RuntimeException e) {
        log.warn(
            "{} {} stays {} for now: {}", goods.aggregate(), due.id(), due.state(), e.toString());
        postpone(due, false);
      }
    }
  }

  /** Goes on with a purchase as far as it goes now. */
  private Purchase advance(Purchase purchase) throws SQLException {
    Purchase now = purchase;
    while (now.state().isOpen()) {
      Purchase next = take(now, steps.of(now));
      if (next.equals(now)) {
        return now;
      }
      now = next;
    }
    return now;
  }

  private Purchase take(Purchase purchase, Step step) throws SQLException {
    return switch (step) {
      case Step.Rest rest -> purchase;
      case Step.Move move -> move(purchase, move);
      case Step.Wait wait -> {
        if (purchase.state().isOpen()) {
          log.warn(
              "{} {} stays {} for now: {}",
              goods.aggregate(),
              purchase.id(),
              purchase.state().wire(),
              wait.why());
        }
        postpone(purchase, wait.again());
        yield purchase;
      }
    };
  }

  private void postpone(Purchase purchase, boolean newExternalId) throws SQLException {
    database.<@org.jspecify.annotations.Nullable Void>inTransaction(
        transaction -> {
          PurchaseTable.postpone(transaction, purchase, newExternalId, holdCheck);
          return null;
        });
  }

  /** Moves it, with all that belongs to that; whoever else was faster has the same effect. */
  private Purchase move(Purchase purchase, Step.Move move) throws SQLException {
    Duration lookAgain = PurchaseTable.lookAgain(move.to(), purchase.order().payment(), holdCheck);
    Optional<Purchase> moved =
        database.inTransaction(
            transaction -> {
              Optional<Purchase> there = PurchaseTable.move(transaction, purchase, move, lookAgain);
              if (there.isPresent()) {
                goods.entered(transaction, there.get());
              }
              return there;
            });
    news.run();
    return moved.isPresent() ? moved.get() : get(purchase.id());
  }
}
