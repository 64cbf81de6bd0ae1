package points.connect;

/** Points has answered nothing at all: whatever was to be sent stays as it was. */
final class PointsAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PointsAway(String detail) {
    super(detail, null, false, false);
  }
}
