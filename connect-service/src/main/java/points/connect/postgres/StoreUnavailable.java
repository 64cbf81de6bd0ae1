package points.connect.postgres;

/**
 * The database could not be reached, or not be used, for as long as Connect was told to be patient.
 * What was asked for may or may not have been done; asking again is safe.
 */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
