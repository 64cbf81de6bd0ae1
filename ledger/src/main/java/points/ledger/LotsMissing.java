package points.ledger;

/**
 * Deciding needs lots that {@link Books#openLots} left out. Not an outcome: give the batch books
 * that know all lots of the account and decide it again.
 */
public final class LotsMissing extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient AccountId account;

  LotsMissing(AccountId account) {
    super("not all lots of " + account + " were read", null, false, false);
    this.account = account;
  }

  /** Whose lots. */
  public AccountId account() {
    return account;
  }
}
