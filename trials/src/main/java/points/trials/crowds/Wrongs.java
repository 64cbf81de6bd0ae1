package points.trials.crowds;

import static points.trials.Item.moving;
import static points.trials.Item.ofHold;
import static points.trials.Item.ofTransaction;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import points.trials.Api;
import points.trials.Item;
import points.trials.Result;

/** Every operation that cannot be done, for each error that one alone in a batch can have. */
final class Wrongs {
  /** What somebody else than the ledger decides is kept for nobody; what the ledger refuses is. */
  static final int REFUSED = 422;

  /**
   * One of them.
   *
   * @param source who asks for it
   * @param status and {@code code} of its answer
   * @param made makes it under an external id
   */
  record Wrong(String source, int status, String code, Function<String, Item> made) {}

  private static final long AMOUNT_MAX = 1_000_000_000_000L;

  /** What fills an account, and then the day's ceiling, but for less than one more credit. */
  private static final int FILLING = 9_007;

  private static final int REST_OF_DAY = 92;
  private static final long DAILY_MAX = (FILLING + REST_OF_DAY + 1) * AMOUNT_MAX;

  /** More than fits into the full account, and less than is left of the day. */
  private static final long BEYOND_FULL = 200_000_000_000L;

  /** Longer than what is tried takes. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final String NOBODY = "0192f0c1-7c00-7a01-8c11-000000000001";
  private static final String ACCOUNT = "user:wrong";
  private static final String FROZEN = "user:wrong-frozen";
  private static final String FULL = "user:wrong-full";

  private final List<Wrong> all = new ArrayList<>();

  private Wrongs() {}

  /** What the services have to be set to. */
  static Map<String, String> settings() {
    return Map.of("credit.daily_max", Long.toString(DAILY_MAX));
  }

  /** Prepares a field, which has these settings, and says what cannot be done on it. */
  static List<Wrong> prepare(Api api) throws InterruptedException {
    awaitDay();
    Wrongs wrongs = new Wrongs();
    List<Item> credits = new ArrayList<>();
    credits.add(moving("credit", ACCOUNT, 1_000, "w-fund"));
    credits.add(moving("credit", ACCOUNT, 50, "w-reversed"));
    credits.add(moving("credit", FROZEN, 100, "w-frozen"));
    for (int i = 0; i < FILLING + REST_OF_DAY; i++) {
      credits.add(moving("credit", i < FILLING ? FULL : FULL + "-too", AMOUNT_MAX, "w-full" + i));
    }
    List<Result> credited = Crowds.prepare(api, "connect", credits);
    String credit = credited.get(0).transactionId();
    String reversed = credited.get(1).transactionId();
    Crowds.prepare(api, "connect", List.of(ofTransaction("reverse", reversed, "w-back")));
    List<Result> made =
        Crowds.prepare(
            api,
            "quest",
            List.of(
                moving("hold", ACCOUNT, 30, "w-active"),
                moving("hold", ACCOUNT, 30, "w-ended"),
                moving("debit", ACCOUNT, 30, "w-debit"),
                moving("hold", FROZEN, 5, "w-frozen-hold"),
                moving("debit", FROZEN, 5, "w-frozen-debit")));
    Item ending = ofHold("release", made.get(1).holdId(), "w-ending");
    Crowds.prepare(api, "quest", List.of(ending));
    List<Item> voucher = List.of(moving("hold", ACCOUNT, 5, "w-theirs"));
    String theirs = Crowds.prepare(api, "voucher", voucher).getFirst().holdId();
    Crowds.freeze(api, FROZEN);
    wrongs.unheard(theirs);
    wrongs.ofHolds(made.get(0).holdId(), made.get(1).holdId());
    wrongs.ofAmounts(made.get(2).transactionId(), credit, reversed);
    wrongs.ofFrozen(made.get(3).holdId(), made.get(4).transactionId());
    return wrongs.all;
  }

  /** At midnight there is a new ceiling: what begins shortly before waits until then. */
  private static void awaitDay() throws InterruptedException {
    Duration left = Duration.between(LocalTime.now(ZoneOffset.UTC), LocalTime.MAX);
    if (left.compareTo(LONGEST) < 0) {
      Thread.sleep(left.plusSeconds(2));
    }
  }

  private void add(String source, int status, String code, Function<String, Item> made) {
    all.add(new Wrong(source, status, code, made));
  }

  private void refused(String source, String code, Function<String, Item> made) {
    add(source, REFUSED, code, made);
  }

  /** What the ledger is never asked, or has another answer to than yes or no. */
  private void unheard(String theirs) {
    add("quest", 400, "invalid_request", id -> moving("debit", ACCOUNT, 0, id));
    add("quest", 400, "invalid_request", id -> moving("debit", ACCOUNT, 1, id).with("more", 1));
    add("quest", 400, "invalid_request", id -> moving("nothing", ACCOUNT, 1, id));
    add("quest", 400, "invalid_request", id -> new Item("hold", "\"external_id\":\"" + id + "\""));
    add("connect", 400, "invalid_request", id -> moving("credit", "issued:connect", 1, id));
    add(
        "connect",
        400,
        "invalid_request",
        id -> moving("credit", ACCOUNT, 1, id).with("expires_at", "\"2001-01-01T00:00:00Z\""));
    add("quest", 403, "operation_not_allowed", id -> moving("credit", ACCOUNT, 1, id));
    add("connect", 403, "operation_not_allowed", id -> moving("debit", ACCOUNT, 1, id));
    add("quest", 403, "not_owner", id -> ofHold("capture", theirs, id));
    add("quest", 404, "hold_not_found", id -> ofHold("release", NOBODY, id));
    add("quest", 404, "transaction_not_found", id -> ofTransaction("refund", NOBODY, id));
    add("connect", 404, "transaction_not_found", id -> ofTransaction("reverse", NOBODY, id));
    add("quest", 409, "external_id_conflict", id -> moving("debit", ACCOUNT, 4, "w-debit"));
    add("connect", 409, "external_id_conflict", id -> moving("credit", ACCOUNT, 4, "w-fund"));
  }

  private void ofHolds(String active, String ended) {
    refused("quest", "hold_not_active", id -> ofHold("capture", ended, id));
    refused("quest", "hold_not_active", id -> ofHold("release", ended, id));
    refused(
        "quest", "capture_exceeds_hold", id -> ofHold("capture", active, id).with("amount", 31));
  }

  private void ofAmounts(String debit, String credit, String reversed) {
    refused("quest", "insufficient_points", id -> moving("debit", ACCOUNT, 5_000, id));
    refused("quest", "insufficient_points", id -> moving("hold", ACCOUNT, 5_000, id));
    refused(
        "quest",
        "refund_exceeds_charge",
        id -> ofTransaction("refund", debit, id).with("amount", 31));
    refused("connect", "already_reversed", id -> ofTransaction("reverse", reversed, id));
    refused(
        "connect",
        "limit_exceeded",
        id -> ofTransaction("reverse", credit, id).with("amount", 1_001));
    refused("connect", "limit_exceeded", id -> moving("credit", ACCOUNT, AMOUNT_MAX, id));
    refused("connect", "balance_limit", id -> moving("credit", FULL, BEYOND_FULL, id));
  }

  private void ofFrozen(String hold, String debit) {
    refused("quest", "account_frozen", id -> moving("debit", FROZEN, 1, id));
    refused("quest", "account_frozen", id -> moving("hold", FROZEN, 1, id));
    refused("quest", "account_frozen", id -> ofHold("capture", hold, id));
    refused("quest", "account_frozen", id -> ofHold("release", hold, id));
    refused("quest", "account_frozen", id -> ofTransaction("refund", debit, id));
    refused("connect", "account_frozen", id -> moving("credit", FROZEN, 1, id));
  }

  /** Takes away why most of them are refused. */
  static void mend(Api api) throws InterruptedException {
    String unfreeze = "/internal/accounts/" + FROZEN + "/unfreeze";
    int status = api.insist(0, "admin", unfreeze, "{\"reason\":\"trial\"}").status();
    Crowds.require("status of unfreezing", 200, status);
    List<Item> more = new ArrayList<>();
    for (String account : List.of(ACCOUNT, FROZEN)) {
      more.add(moving("credit", account, 1_000_000, "w-mend-" + account));
    }
    Crowds.prepare(api, "connect", more);
  }
}
