package points.client;

/**
 * An answer that does not fit the contract, as when the address is that of another service. If the
 * call was an operation, nothing is known of it; making it again with the same external id is safe.
 */
public final class ContractBroken extends PointsException {

  private static final long serialVersionUID = 1L;

  ContractBroken(String message) {
    super(message);
  }

  ContractBroken(String message, Throwable cause) {
    super(message, cause);
  }
}
