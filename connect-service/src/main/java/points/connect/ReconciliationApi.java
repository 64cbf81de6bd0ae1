package points.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import points.client.EventPage;
import points.client.PointsClient;
import points.connect.postgres.Reconciliation;
import points.kit.Answer;
import points.kit.Call;

/** {@code GET /reconciliation}: whether Points has credited what was decided, and nothing else. */
final class ReconciliationApi {
  private static final String CREDIT = "points.transaction.credit";

  /** Under which name Points knows us. */
  private static final String SOURCE = "connect";

  private static final int STRETCH = 1_000;
  private static final int DIFFERENCES_MAX = 1_000;

  /** The first reading of a long stream takes several calls rather than one that is cut off. */
  private static final Duration READING_MAX = Duration.ofSeconds(15);

  private final Reconciliation reconciliation;
  private final PointsClient points;

  ReconciliationApi(Reconciliation reconciliation, PointsClient points) {
    this.reconciliation = reconciliation;
    this.points = points;
  }

  void mount(Routes routes) {
    routes.read("/reconciliation", this::compare);
  }

  private Answer compare(Call call) {
    call.query().done();
    long end = System.nanoTime() + READING_MAX.toNanos();
    Instant readAt;
    boolean more;
    do {
      readAt = reconciliation.now();
      more = reconciliation.readOn(this::read);
    } while (more && System.nanoTime() < end);
    // What has not been read cannot be missed.
    Instant missable = more ? Instant.EPOCH : readAt;
    List<Reconciliation.Difference> found =
        reconciliation.differences(missable, DIFFERENCES_MAX + 1);
    ObjectNode body = Routes.object();
    Routes.put(body, "read_at", readAt);
    body.put("complete", !more);
    write(body, reconciliation.sums());
    var differences = body.putArray("differences");
    found.stream().limit(DIFFERENCES_MAX).forEach(one -> differences.add(body(one)));
    body.put("truncated", found.size() > DIFFERENCES_MAX);
    return Routes.ok(body);
  }

  private Reconciliation.Stretch read(@Nullable String position) {
    EventPage page = points.events(position, STRETCH);
    List<Reconciliation.PointsCredit> credits = new ArrayList<>();
    for (EventPage.Event event : page.events()) {
      if (event.type().equals(CREDIT) && event.transaction().source().equals(SOURCE)) {
        credits.add(credit(event));
      }
    }
    return new Reconciliation.Stretch(credits, page.next(), page.events().size() == STRETCH);
  }

  private static Reconciliation.PointsCredit credit(EventPage.Event event) {
    var receipt = event.transaction().receipt();
    return new Reconciliation.PointsCredit(
        receipt.transactionId(),
        receipt.externalId(),
        receipt.account(),
        receipt.amount(),
        receipt.createdAt());
  }

  private static void write(ObjectNode body, Reconciliation.Sums sums) {
    body.put("in_flight", sums.inFlight());
    body.putObject("actions").put("count", sums.actions()).put("points", sums.actionPoints());
    body.putObject("credits").put("count", sums.credits()).put("points", sums.creditPoints());
  }

  private static ObjectNode body(Reconciliation.Difference difference) {
    ObjectNode body = Routes.object().put("kind", difference.kind());
    Routes.put(body, "reward_action_id", difference.action());
    Routes.put(body, "transaction_id", difference.transaction());
    Routes.put(body, "account", difference.account());
    Routes.put(body, "points", difference.points());
    Routes.put(body, "credit_account", difference.creditAccount());
    Routes.put(body, "credit_points", difference.creditPoints());
    return body;
  }
}
