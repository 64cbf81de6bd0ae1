package points.service.postgres;

/**
 * The database could not be reached, or not be used, for as long as the ledger was told to be
 * patient. What was asked for may or may not have been done; the same external id tells.
 */
public final class LedgerUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LedgerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
