package points.ledger;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Points set aside for one purchase. Immutable.
 *
 * @param source who placed it; only they may capture or release it
 * @param parcels what is still set aside, by lot, in the order in which it was taken
 */
public record Hold(
    AccountId account, String source, HoldState state, Instant createdAt, List<Parcel> parcels) {

  /** Copies the list. */
  public Hold {
    parcels = List.copyOf(parcels);
  }

  /** The hold's id: that of the transaction that placed it. */
  public UUID id() {
    return state.holdId();
  }

  /** Whether it can be captured or released at {@code at}. */
  boolean isActive(Instant at) {
    return state.status() == HoldStatus.ACTIVE && at.isBefore(state.expiresAt());
  }

  /** This hold with more captured and released, and less of it set aside. */
  Hold with(HoldStatus status, long captured, long released, List<Parcel> left) {
    HoldState next =
        new HoldState(id(), status, state.amount(), captured, released, state.expiresAt());
    return new Hold(account, source, next, createdAt, left);
  }

  /**
   * The state as a caller at {@code at} should see it: a hold whose time is up counts as expired
   * even in the seconds until the service has posted that.
   */
  public HoldState stateAt(Instant at) {
    if (state.status() != HoldStatus.ACTIVE || isActive(at)) {
      return state;
    }
    return new HoldState(
        id(),
        HoldStatus.EXPIRED,
        state.amount(),
        state.captured(),
        state.amount() - state.captured(),
        state.expiresAt());
  }
}
