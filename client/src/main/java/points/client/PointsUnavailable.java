package points.client;

/** No answer within the deadline. The same call may be made again later. */
public final class PointsUnavailable extends PointsException {

  private static final long serialVersionUID = 1L;

  PointsUnavailable(String message) {
    super(message);
  }
}
