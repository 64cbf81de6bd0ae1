package points.service;

import java.time.Instant;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import points.kit.Fields;
import points.kit.TextRule;
import points.ledger.AccountId;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Limits;
import points.ledger.Operation;
import points.ledger.ReversePolicy;
import points.ledger.Verb;

/**
 * Reads what callers send into commands of the ledger, or says everything that is wrong with it.
 */
final class Requests {
  static final TextRule ACCOUNT =
      new TextRule(
          3,
          81,
          name -> isAccount(name) || AccountId.isReserved(name),
          "an account, kind:id, for example user:42 (see the limits)");

  /** What is wrong with an account of the ledger's own. */
  static final String RESERVED =
      "has a kind that is reserved: "
          + String.join(", ", new TreeSet<>(AccountId.RESERVED_KINDS))
          + " name the ledger's own accounts";

  static final TextRule UUID_TEXT =
      TextRule.matching(
          "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
          36, "a UUID as the service made it");
  static final TextRule EXTERNAL_ID = TextRule.visibleAscii(1, 128);
  static final TextRule REASON =
      TextRule.matching("[a-z0-9._-]{1,64}", 64, "1 to 64 characters of a-z, 0-9, '.', '_', '-'");

  private static final int METADATA_BYTES_MAX = 4096;
  private static final int METADATA_DEPTH_MAX = 8;

  /** What harmless value stands for a field in error, until done() reports it. */
  private static final AccountId ANY_ACCOUNT = new AccountId("user:0");

  /** The verbs that callers may use, by their name. */
  enum Call {
    CREDIT(Verb.CREDIT),
    DEBIT(Verb.DEBIT),
    HOLD(Verb.HOLD),
    CAPTURE(Verb.CAPTURE),
    RELEASE(Verb.RELEASE),
    REFUND(Verb.REFUND),
    REVERSE(Verb.REVERSE);

    private final Verb verb;

    Call(Verb verb) {
      this.verb = verb;
    }

    /** The name in paths, in permissions and in a batch's {@code op}. */
    String wire() {
      return verb.wire();
    }
  }

  private Requests() {}

  /**
   * Reads a command.
   *
   * @throws points.kit.ProblemException {@code invalid_request} with all that is wrong
   */
  static Command command(Call call, Fields fields, String source, String requestId) {
    Operation operation = operation(call, fields);
    String externalId = fields.text("external_id", EXTERNAL_ID);
    String reason =
        isReasonRequired(call)
            ? fields.text("reason", REASON)
            : fields.optionalText("reason", REASON);
    String metadata = fields.optionalObject("metadata", METADATA_BYTES_MAX, METADATA_DEPTH_MAX);
    fields.done();
    return new Command(new ExternalKey(source, externalId), operation, reason, metadata, requestId);
  }

  private static Operation operation(Call call, Fields fields) {
    return switch (call) {
      case CREDIT -> credit(fields);
      case DEBIT -> new Operation.Debit(account(fields), amount(fields));
      case HOLD -> new Operation.PlaceHold(account(fields), amount(fields), expiresIn(fields));
      case CAPTURE ->
          new Operation.Capture(
              id(fields, "hold_id"), optionalAmount(fields), fields.flagOr("final", true));
      case RELEASE -> new Operation.Release(id(fields, "hold_id"));
      case REFUND -> new Operation.Refund(id(fields, "transaction_id"), optionalAmount(fields));
      case REVERSE ->
          new Operation.Reverse(
              id(fields, "transaction_id"),
              optionalAmount(fields),
              fields.choiceOr("policy", ReversePolicy.REJECT));
    };
  }

  private static boolean isReasonRequired(Call call) {
    return switch (call) {
      case CREDIT, DEBIT, HOLD -> true;
      case CAPTURE, RELEASE, REFUND, REVERSE -> false;
    };
  }

  private static Operation credit(Fields fields) {
    AccountId account = account(fields);
    long amount = amount(fields);
    Instant expiresAt = fields.optionalInstant("expires_at");
    Instant availableAt = fields.optionalInstant("available_at");
    if (expiresAt != null && availableAt != null && !expiresAt.isAfter(availableAt)) {
      if (fields.isValid()) {
        fields.refuse("expires_at", "must be later than available_at");
      }
      availableAt = null;
    }
    return new Operation.Credit(account, amount, expiresAt, availableAt);
  }

  private static AccountId account(Fields fields) {
    String name = fields.text("account", ACCOUNT);
    if (AccountId.isReserved(name)) {
      fields.refuse("account", RESERVED);
      return ANY_ACCOUNT;
    }
    return name.isEmpty() ? ANY_ACCOUNT : new AccountId(name);
  }

  private static long amount(Fields fields) {
    return fields.integer("amount", 1, Limits.AMOUNT_MAX);
  }

  private static @Nullable Long optionalAmount(Fields fields) {
    return fields.optionalInteger("amount", 1, Limits.AMOUNT_MAX);
  }

  private static int expiresIn(Fields fields) {
    return (int)
        fields.integerOr("expires_in", 1, Limits.HOLD_SECONDS_MAX, Limits.HOLD_SECONDS_DEFAULT);
  }

  private static UUID id(Fields fields, String name) {
    String text = fields.text(name, UUID_TEXT);
    return text.isEmpty() ? new UUID(0, 0) : UUID.fromString(text);
  }

  private static boolean isAccount(String text) {
    try {
      return new AccountId(text).name().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
