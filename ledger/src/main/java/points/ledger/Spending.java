package points.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which points are spent, and which come back: soonest expiry first, then what never expires. */
final class Spending {
  private final State state;

  Spending(State state) {
    this.state = state;
  }

  /** What can be spent: what is available, less lots whose time is up though not yet expired. */
  long spendable(Account account, Instant at) {
    long available = account.balance().available();
    if (account.expiring() == 0) {
      return available;
    }
    for (Lot lot : state.openLots(account.id())) {
      state.requireKnownUpTo(lot);
      if (!lot.isLapsed(at)) {
        return available;
      }
      available -= lot.remaining();
    }
    state.requireAllLots(account.id());
    return available;
  }

  /**
   * Takes points in the order of spending. The amount must be spendable.
   *
   * @return where they came from
   */
  List<Parcel> take(Draft draft, long amount) {
    List<Parcel> parcels = new ArrayList<>(1);
    long left = amount;
    if (draft.account.expiring() > 0) {
      for (Lot lot : state.openLots(draft.account.id())) {
        if (left == 0) {
          break;
        }
        state.requireKnownUpTo(lot);
        left -= takeFrom(draft, lot, left, parcels);
      }
      if (left > 0) {
        state.requireAllLots(draft.account.id());
      }
    }
    if (left > 0) {
      parcels.add(new Parcel(null, left));
    }
    return parcels;
  }

  /**
   * Takes points back that a credit gave: its own lot first, or the points that never expire if it
   * opened none, and only then the rest in the order of spending. The amount must be spendable.
   */
  void takeBack(Draft draft, UUID credit, long amount) {
    Lot own = state.lot(credit);
    if (own != null && own.status() != LotStatus.MERGED) {
      long taken = own.status() == LotStatus.OPEN ? takeFrom(draft, own, amount, null) : 0;
      takeOthers(draft, own, amount - taken);
    } else {
      takeOthers(draft, null, amount - Math.min(amount, draft.account.permanent()));
    }
  }

  private void takeOthers(Draft draft, @Nullable Lot own, long amount) {
    long left = amount;
    if (left == 0 || draft.account.expiring() == 0) {
      return;
    }
    for (Lot lot : state.openLots(draft.account.id())) {
      if (left == 0) {
        return;
      }
      if (own == null || !lot.id().equals(own.id())) {
        state.requireKnownUpTo(lot);
        left -= takeFrom(draft, lot, left, null);
      }
    }
    if (left > 0) {
      state.requireAllLots(draft.account.id());
    }
  }

  private static long takeFrom(Draft draft, Lot lot, long atMost, @Nullable List<Parcel> parcels) {
    long part = lot.isLapsed(draft.at) ? 0 : Math.min(atMost, lot.remaining());
    if (part > 0) {
      draft.move(lot, -part, LotStatus.OPEN);
      if (parcels != null) {
        parcels.add(new Parcel(lot.id(), part));
      }
    }
    return part;
  }

  /** The first {@code amount} points of parcels. */
  static List<Parcel> first(List<Parcel> parcels, long amount) {
    List<Parcel> part = new ArrayList<>();
    long left = amount;
    for (Parcel parcel : parcels) {
      long take = Math.min(left, parcel.amount());
      if (take > 0) {
        part.add(new Parcel(parcel.lotId(), take));
        left -= take;
      }
    }
    return part;
  }

  /** What parcels have beyond the first {@code amount} points. */
  static List<Parcel> after(List<Parcel> parcels, long amount) {
    List<Parcel> rest = new ArrayList<>();
    long skip = amount;
    for (Parcel parcel : parcels) {
      long skipped = Math.min(skip, parcel.amount());
      skip -= skipped;
      if (parcel.amount() > skipped) {
        rest.add(new Parcel(parcel.lotId(), parcel.amount() - skipped));
      }
    }
    return rest;
  }

  /**
   * What of a charge has not been given back, in the order in which a refund gives it back: the
   * reverse of the order of taking, so first what never expires, then what expires last.
   */
  static List<Parcel> refundable(Transaction charge, List<Transaction> refunds) {
    long permanent = charge.amount();
    List<Parcel> parcels = new ArrayList<>();
    for (LotMove move : charge.moves().reversed()) {
      if (move.charged() > 0) {
        permanent -= move.charged();
        parcels.add(new Parcel(move.lotId(), move.charged()));
      }
    }
    if (permanent > 0) {
      parcels.addFirst(new Parcel(null, permanent));
    }
    long refunded = refunds.stream().mapToLong(Transaction::amount).sum();
    return after(parcels, refunded);
  }

  /** How many points parcels have. */
  static long sum(List<Parcel> parcels) {
    return parcels.stream().mapToLong(Parcel::amount).sum();
  }
}
