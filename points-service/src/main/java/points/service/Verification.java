package points.service;

import java.sql.SQLException;
import java.util.List;
import points.kit.DatabaseUnusable;
import points.kit.DatabaseUrl;
import points.service.postgres.Verifier;

/** Verifies the books of any database, without the service and without changing anything. */
public final class Verification {
  /**
   * What was found.
   *
   * @param findings one line each, empty if the books are right
   */
  public record Summary(long accounts, long transactions, List<String> findings) {}

  private Verification() {}

  /**
   * One pass over everything.
   *
   * @throws DatabaseUnusable if there are no books
   */
  public static Summary run(DatabaseUrl url, Verifier.Progress progress)
      throws InterruptedException {
    Verifier.Result result;
    try {
      result =
          new Verifier(url.dataSource(PointsService.SCHEMA)).pass(progress, Verifier.Pace.FULL);
    } catch (SQLException e) {
      throw new DatabaseUnusable("The books at " + url + " cannot be read: " + e.getMessage(), e);
    }
    return new Summary(
        result.accounts(),
        result.transactions(),
        result.findings().stream()
            .map(f -> f.account() + ": " + f.invariant() + ": " + f.detail())
            .toList());
  }
}
