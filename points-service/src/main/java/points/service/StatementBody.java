package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import points.ledger.Balance;
import points.ledger.Transaction;

/** A statement as JSON and as CSV (RFC 4180). */
final class StatementBody {
  private static final String HEADER =
      "entry,seq,created_at,type,transaction_id,source,external_id,reason,amount,"
          + "available_change,held_change,pending_change,debt_change,"
          + "available,held,pending,debt,total\r\n";

  private StatementBody() {}

  static ObjectNode json(Reads.StatementRead read) {
    ObjectNode body = Bodies.object();
    body.put("account", read.account().name());
    if (read.from() == null) {
      body.putNull("from");
    } else {
      body.put("from", Bodies.time(read.from()));
    }
    body.put("to", Bodies.time(read.to()));
    body.set("opening_balance", Bodies.balance(read.statement().opening()));
    ArrayNode entries = body.putArray("entries");
    for (Transaction transaction : read.statement().entries()) {
      ObjectNode entry = Bodies.transaction(transaction);
      entry.set("change", change(transaction.change()));
      entries.add(entry);
    }
    body.set("closing_balance", Bodies.balance(read.statement().closing()));
    return body;
  }

  private static ObjectNode change(Balance change) {
    ObjectNode body = Bodies.object();
    body.put("available", change.available());
    body.put("held", change.held());
    body.put("pending", change.pending());
    body.put("debt", change.debt());
    return body;
  }

  static String csv(Reads.StatementRead read) {
    Csv csv = new Csv(new StringBuilder(HEADER));
    csv.edge("opening", read.from(), read.statement().opening());
    read.statement().entries().forEach(csv::entry);
    csv.edge("closing", read.to(), read.statement().closing());
    return csv.text().toString();
  }

  /** The rows. */
  private record Csv(StringBuilder text) {
    void edge(String name, @Nullable Instant at, Balance balance) {
      text.append(name).append(",,").append(at == null ? "" : Bodies.time(at));
      text.append(",".repeat(11));
      balance(balance).append("\r\n");
    }

    void entry(Transaction t) {
      text.append("transaction,").append(t.seq()).append(',').append(Bodies.time(t.createdAt()));
      text.append(',').append(t.type().wire()).append(',').append(t.id()).append(',');
      quoted(t.key().source()).append(',');
      quoted(t.key().externalId()).append(',');
      quoted(t.reason() == null ? "" : t.reason()).append(',').append(t.amount()).append(',');
      Balance change = t.change();
      text.append(change.available()).append(',').append(change.held()).append(',');
      text.append(change.pending()).append(',').append(change.debt()).append(',');
      balance(t.balance()).append("\r\n");
    }

    private StringBuilder balance(Balance b) {
      text.append(b.available()).append(',').append(b.held()).append(',');
      return text.append(b.pending()).append(',').append(b.debt()).append(',').append(b.total());
    }

    /**
     * A text of the callers' making. A spreadsheet runs what starts like a formula, so such a text
     * gets an apostrophe in front (OWASP, CSV injection).
     */
    private StringBuilder quoted(String field) {
      boolean formula = !field.isEmpty() && "=+-@\t\r".indexOf(field.charAt(0)) >= 0;
      text.append('"').append(formula ? "'" : "").append(field.replace("\"", "\"\""));
      return text.append('"');
    }
  }
}
