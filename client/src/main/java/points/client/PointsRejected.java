package points.client;

/** The service says no; making the same call again gets the same answer. */
public final class PointsRejected extends PointsException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  PointsRejected(Problem problem) {
    super(problem.code() + ": " + problem.detail());
    this.problem = problem;
  }

  /** What the service says. */
  public Problem problem() {
    return problem;
  }
}
