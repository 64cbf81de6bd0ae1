package points.client;

/** A call that has no result. */
public abstract sealed class PointsException extends RuntimeException
    permits PointsRejected, PointsUnavailable, ContractBroken {

  private static final long serialVersionUID = 1L;

  PointsException(String message) {
    super(message);
  }

  PointsException(String message, Throwable cause) {
    super(message, cause);
  }
}
