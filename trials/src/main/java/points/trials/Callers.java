package points.trials;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The callers of a storm, for a trial that has its own idea of when they start and stop. */
public final class Callers implements AutoCloseable {
  private final Workload workload;

  private Callers(Workload workload) {
    this.workload = workload;
  }

  /** Callers of a field, which knows from now on what they were told. */
  public static Callers of(Field field) {
    Workload workload = new Workload(field.nodes().stream().map(Node::url).toList());
    field.watch(workload::acknowledged);
    return new Callers(workload);
  }

  /** Begins. */
  public void start(SplittableRandom random) {
    workload.start(random);
  }

  /**
   * Ends, and waits for what is under way.
   *
   * @throws AssertionError if anybody was told what must not be
   */
  public void stop() throws InterruptedException {
    workload.stop();
    if (!workload.wrong().isEmpty()) {
      throw new AssertionError(String.join("\n", workload.wrong()));
    }
  }

  /**
   * A call that somebody was told is done.
   *
   * @param transactionId that it was told
   */
  public record Told(String source, String path, String body, String transactionId) {}

  /** The calls that were done, in the order in which the ledger has them. */
  public List<Told> inLedgerOrder(Server server) throws SQLException {
    Map<String, Call> byTransaction = new HashMap<>();
    for (Call call : workload.calls()) {
      Reply reply = call.reply();
      if (reply != null && reply.isDone()) {
        byTransaction.put(reply.body().path("transaction_id").asText(), call);
      }
    }
    List<Told> told = new ArrayList<>();
    try (var connection = server.connect(Field.DATABASE);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT transaction_id FROM transaction WHERE source <> 'points'"
                    + " ORDER BY created_at, account, seq")) {
      while (rows.next()) {
        String id = rows.getString(1);
        Call call = byTransaction.remove(id);
        if (call == null) {
          throw new AssertionError("done, and nobody was told: " + id);
        }
        told.add(new Told(call.source, call.path, call.body, id));
      }
    }
    if (!byTransaction.isEmpty()) {
      throw new AssertionError("told, and not done: " + byTransaction.values());
    }
    return told;
  }

  @Override
  public void close() {
    workload.close();
  }
}
