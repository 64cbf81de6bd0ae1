package points.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import points.ledger.Lot;
import points.ledger.Parcel;
import points.service.postgres.Explanation;
import points.service.postgres.Queries;

/** An explanation of a balance as JSON. */
final class ExplainBody {
  private ExplainBody() {}

  static ObjectNode of(Explanation explanation, Instant asOf) {
    ObjectNode body = Bodies.object();
    body.put("account", explanation.account().id().name());
    body.set("balance", Bodies.balance(explanation.account().balance()));
    body.put("as_of", Bodies.time(asOf));
    ArrayNode lots = body.putArray("lots");
    explanation.lots().forEach(part -> lots.add(lot(part)));
    ObjectNode permanent = body.putObject("permanent");
    permanent.put("amount", explanation.account().permanent());
    ArrayNode credits = permanent.putArray("credits");
    for (Explanation.Part part : explanation.permanent()) {
      ObjectNode credit = credits.addObject();
      credit.put("amount", part.amount());
      credit.set("credit", Bodies.transaction(part.from()));
    }
    permanent.put("older", explanation.older());
    ArrayNode holds = body.putArray("holds");
    explanation.holds().forEach(hold -> holds.add(hold(hold, asOf)));
    ObjectNode debt = body.putObject("debt");
    debt.put("amount", explanation.account().balance().debt());
    ArrayNode reverses = debt.putArray("reverses");
    for (Explanation.Part part : explanation.debts()) {
      ObjectNode reverse = reverses.addObject();
      reverse.put("amount", part.amount());
      reverse.set("transaction", Bodies.transaction(part.from()));
    }
    return body;
  }

  private static ObjectNode lot(Explanation.LotPart part) {
    Lot lot = part.lot();
    ObjectNode body = Bodies.object();
    body.put("lot_id", lot.id().toString());
    body.put("status", lot.status().wire());
    body.put("credited", lot.amount());
    body.put("remaining", lot.remaining());
    body.put("held", part.held());
    Bodies.putTime(body, "expires_at", lot.expiresAt());
    Bodies.putTime(body, "available_at", lot.availableAt());
    body.set("credit", Bodies.transaction(part.credit()));
    return body;
  }

  private static ObjectNode hold(Queries.HoldRead read, Instant asOf) {
    ObjectNode body = Bodies.hold(read, asOf);
    ArrayNode from = body.putArray("from");
    for (Parcel parcel : read.hold().parcels()) {
      ObjectNode part = from.addObject();
      if (parcel.lotId() == null) {
        part.putNull("lot_id");
      } else {
        part.put("lot_id", parcel.lotId().toString());
      }
      part.put("amount", parcel.amount());
    }
    return body;
  }
}
