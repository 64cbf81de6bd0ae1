package points.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for, or the service itself does when its time has come. Amounts are whole
 * points, 1 … {@link Limits#AMOUNT_MAX}; times have microseconds.
 */
public sealed interface Operation {
  /** The verb of this operation. */
  Verb verb();

  /** The bucket of the account concerned: of its name, or inside the id of the hold and so on. */
  int bucket();

  /** An operation on an account that the caller names. */
  sealed interface OnAccount extends Operation {
    /** The account. */
    AccountId account();

    @Override
    default int bucket() {
      return account().bucket();
    }
  }

  /** An operation on a hold. */
  sealed interface OnHold extends Operation {
    /** The hold. */
    UUID holdId();

    @Override
    default int bucket() {
      return Ids.bucketOf(holdId());
    }
  }

  /** An operation that refers to an earlier transaction, or to the lot that it opened. */
  sealed interface OnTransaction extends Operation {
    /** The earlier transaction. */
    UUID transactionId();

    @Override
    default int bucket() {
      return Ids.bucketOf(transactionId());
    }
  }

  /**
   * Gives points.
   *
   * @param expiresAt when what is left of them is taken away again; {@code null}: never
   * @param availableAt when they can be spent; {@code null} or past: at once
   */
  record Credit(
      AccountId account, long amount, @Nullable Instant expiresAt, @Nullable Instant availableAt)
      implements OnAccount {
    /** Checks the amount, and that the points do not expire before they are available. */
    public Credit {
      checkAmount(amount);
      if (expiresAt != null && availableAt != null && !expiresAt.isAfter(availableAt)) {
        throw new IllegalArgumentException("expires_at must be after available_at");
      }
    }

    @Override
    public Verb verb() {
      return Verb.CREDIT;
    }
  }

  /** Takes points for good. */
  record Debit(AccountId account, long amount) implements OnAccount {
    /** Checks the amount. */
    public Debit {
      checkAmount(amount);
    }

    @Override
    public Verb verb() {
      return Verb.DEBIT;
    }
  }

  /**
   * Sets points aside.
   *
   * @param expiresInSeconds 1 … {@link Limits#HOLD_SECONDS_MAX}
   */
  record PlaceHold(AccountId account, long amount, int expiresInSeconds) implements OnAccount {
    /** Checks the amount and the time to live. */
    public PlaceHold {
      checkAmount(amount);
      if (expiresInSeconds < 1 || expiresInSeconds > Limits.HOLD_SECONDS_MAX) {
        throw new IllegalArgumentException("expires_in must be 1 … " + Limits.HOLD_SECONDS_MAX);
      }
    }

    @Override
    public Verb verb() {
      return Verb.HOLD;
    }
  }

  /**
   * Takes points on hold for good.
   *
   * @param amount {@code null}: all that remains
   * @param isFinal whether what is left over is released in the same transaction
   */
  record Capture(UUID holdId, @Nullable Long amount, boolean isFinal) implements OnHold {
    /** Checks the amount. */
    public Capture {
      checkAmount(amount);
    }

    @Override
    public Verb verb() {
      return Verb.CAPTURE;
    }
  }

  /** Ends a hold and gives back what remains. */
  record Release(UUID holdId) implements OnHold {
    @Override
    public Verb verb() {
      return Verb.RELEASE;
    }
  }

  /**
   * Gives back what a debit or capture took.
   *
   * @param amount {@code null}: all that has not been given back yet
   */
  record Refund(UUID transactionId, @Nullable Long amount) implements OnTransaction {
    /** Checks the amount. */
    public Refund {
      checkAmount(amount);
    }

    @Override
    public Verb verb() {
      return Verb.REFUND;
    }
  }

  /**
   * Takes a credit back.
   *
   * @param amount {@code null}: all that has not been taken back yet
   */
  record Reverse(UUID transactionId, @Nullable Long amount, ReversePolicy policy)
      implements OnTransaction {
    /** Checks the amount. */
    public Reverse {
      checkAmount(amount);
    }

    @Override
    public Verb verb() {
      return Verb.REVERSE;
    }
  }

  /** Ends a hold whose time is up. */
  record ExpireHold(UUID holdId) implements OnHold {
    @Override
    public Verb verb() {
      return Verb.EXPIRE_HOLD;
    }
  }

  /** Makes a pending credit available; {@code transactionId} is the credit, and so the lot. */
  record Activate(UUID transactionId) implements OnTransaction {
    @Override
    public Verb verb() {
      return Verb.ACTIVATE;
    }
  }

  /** Takes away what is left of a lot; {@code transactionId} is the credit, and so the lot. */
  record ExpireLot(UUID transactionId) implements OnTransaction {
    @Override
    public Verb verb() {
      return Verb.EXPIRE_LOT;
    }
  }

  /**
   * An operator's correction.
   *
   * @param amount positive gives, negative takes; never zero, at most {@link Limits#AMOUNT_MAX}
   *     either way
   * @param maker who asked for it
   * @param checker who approved it; someone else
   */
  record Adjust(AccountId account, long amount, String maker, String checker) implements OnAccount {
    /** Checks the amount, and that no one approves their own correction. */
    public Adjust {
      checkAmount(Math.abs(amount));
      if (maker.equals(checker)) {
        throw new IllegalArgumentException("an adjustment is approved by someone else");
      }
    }

    @Override
    public Verb verb() {
      return Verb.ADJUST;
    }
  }

  private static void checkAmount(@Nullable Long amount) {
    if (amount != null && (amount < 1 || amount > Limits.AMOUNT_MAX)) {
      throw new IllegalArgumentException("amount must be 1 … " + Limits.AMOUNT_MAX);
    }
  }
}
