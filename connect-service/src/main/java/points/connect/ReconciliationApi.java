package points.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import points.client.EventPage;
import points.client.PointsClient;
import points.connect.postgres.Reconciliation;
import points.kit.Answer;
import points.kit.Call;

/**
 * {@code GET /reconciliation}: whether Points has credited what was decided, and taken back what
 * was cancelled, and nothing else.
 */
final class ReconciliationApi {
  private static final String CREDIT = "points.transaction.credit";
  private static final String REVERSE = "points.transaction.reverse";

  private static final int STRETCH = 1_000;
  private static final int DIFFERENCES_MAX = 1_000;

  /** The first reading of a long stream takes several calls rather than one that is cut off. */
  private static final Duration READING_MAX = Duration.ofSeconds(15);

  private final Reconciliation reconciliation;
  private final PointsClient points;
  private final String source;

  /**
   * The route.
   *
   * @param source under which Points knows us
   */
  ReconciliationApi(Reconciliation reconciliation, PointsClient points, String source) {
    this.reconciliation = reconciliation;
    this.points = points;
    this.source = source;
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
    List<Reconciliation.PointsReversal> reversals = new ArrayList<>();
    for (EventPage.Event event : page.events()) {
      boolean ours = event.transaction().source().equals(source);
      if (ours && event.type().equals(CREDIT)) {
        credits.add(credit(event));
      } else if (ours && event.type().equals(REVERSE)) {
        reversals.add(reversal(event));
      }
    }
    return new Reconciliation.Stretch(
        credits, reversals, page.next(), page.events().size() == STRETCH);
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

  private static Reconciliation.PointsReversal reversal(EventPage.Event event) {
    var receipt = event.transaction().receipt();
    return new Reconciliation.PointsReversal(
        receipt.transactionId(),
        Objects.requireNonNull(receipt.refersTo(), "a reverse refers to a credit"),
        receipt.externalId(),
        receipt.account(),
        receipt.amount(),
        receipt.createdAt());
  }

  private static void write(ObjectNode body, Reconciliation.Sums sums) {
    body.put("in_flight", sums.inFlight());
    write(body.putObject("actions"), sums.actions());
    write(body.putObject("credits"), sums.credits());
    body.put("reversals_in_flight", sums.reversalsInFlight());
    write(body.putObject("actions_reversed"), sums.reversed());
    write(body.putObject("credits_reversed"), sums.reversals());
  }

  private static void write(ObjectNode body, Reconciliation.Sum sum) {
    body.put("count", sum.count()).put("points", sum.points());
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
