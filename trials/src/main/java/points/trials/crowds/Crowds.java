package points.trials.crowds;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import points.trials.Api;
import points.trials.Field;
import points.trials.Item;
import points.trials.Result;
import points.trials.Server;
import points.trials.Trial;

/** The trials of crowds, and what they share. */
public final class Crowds {
  /** How many operations a batch may have. */
  static final int BATCH_MAX = 1_000;

  private Crowds() {}

  /** All of them. */
  public static List<Trial> trials() {
    return List.of(
        new OneEffect(), new Refusals(), new Neighbours(), new HoldEnds(), new Conservation());
  }

  /**
   * Does all of these, in batches.
   *
   * @throws AssertionError if one of them is not done
   */
  static List<Result> prepare(Api api, String source, List<Item> items)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (int from = 0; from < items.size(); from += BATCH_MAX) {
      int to = Math.min(from + BATCH_MAX, items.size());
      results.addAll(api.batch(from, source, items.subList(from, to)));
    }
    for (Result result : results) {
      if (!result.isDone()) {
        throw new AssertionError("the preparation fails: " + result);
      }
    }
    return results;
  }

  /** Stops an account from moving. */
  static void freeze(Api api, String account) throws InterruptedException {
    String path = "/internal/accounts/" + account + "/freeze";
    int status = api.insist(0, "admin", path, "{\"reason\":\"trial\"}").status();
    require("status of freezing", 200, status);
  }

  static void require(String what, long expected, long there) {
    if (expected != there) {
      throw new AssertionError("%s: %d expected, %d there".formatted(what, expected, there));
    }
  }

  static long number(Server server, String sql) throws SQLException {
    return Long.parseLong(server.ask(Field.DATABASE, sql));
  }

  /** The books add up. */
  static void requireSound(Server server) throws SQLException {
    var findings = server.verify(Field.DATABASE);
    if (!findings.isEmpty()) {
      throw new AssertionError(findings.toString());
    }
  }
}
