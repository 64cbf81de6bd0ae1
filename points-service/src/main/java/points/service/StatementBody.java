package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import points.ledger.Balance;
import points.ledger.Transaction;

/** A statement as JSON and as CSV (RFC 4180). */
final class StatementBody {
  private static final String HEADER =
      "seq,created_at,transaction_id,type,amount,"
          + "change_available,change_held,change_pending,change_debt,"
          + "available,held,pending,debt,total,source,external_id,reason\r\n";

  private StatementBody() {}

  static ObjectNode json(Reads.StatementRead read) {
    ObjectNode body = Bodies.object();
    body.put("account", read.account().name());
    body.put("from", Bodies.time(read.from()));
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
    csv.edge("opening_balance", read.from(), read.statement().opening());
    read.statement().entries().forEach(csv::entry);
    csv.edge("closing_balance", read.to(), read.statement().closing());
    return csv.text().toString();
  }

  /** The rows. */
  private record Csv(StringBuilder text) {
    void edge(String type, Instant at, Balance balance) {
      text.append(',').append(Bodies.time(at)).append(",,").append(type).append(",,,,,,");
      balance(balance).append(",,,\r\n");
    }

    void entry(Transaction t) {
      text.append(t.seq()).append(',').append(Bodies.time(t.createdAt())).append(',');
      text.append(t.id()).append(',').append(t.type().wire()).append(',').append(t.amount());
      Balance change = t.change();
      text.append(',').append(change.available()).append(',').append(change.held()).append(',');
      text.append(change.pending()).append(',').append(change.debt()).append(',');
      balance(t.balance()).append(',');
      quoted(t.key().source()).append(',');
      quoted(t.key().externalId()).append(',');
      quoted(t.reason() == null ? "" : t.reason()).append("\r\n");
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
