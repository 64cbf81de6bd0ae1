package points.connect.postgres;

/** Points has answered nothing at all: whatever was to be sent is to be sent again. */
public final class PointsAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Points is away.
   *
   * @param detail what is seen of that
   */
  public PointsAway(String detail) {
    super(detail, null, false, false);
  }

  /** What is seen of that. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
