package points.trials.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import points.kit.Policy;
import points.service.contract.OpenApi;

/**
 * A service, as those outside know it: by its contract and the default of its {@code auth.policy}.
 */
enum Target {
  /** Points Service. */
  POINTS(
      "Points Service",
      "connect=credit,reverse,read; quest=debit,hold,capture,release,refund,read;"
          + " voucher=debit,hold,capture,release,refund,read;"
          + " rielt=debit,hold,capture,release,refund,read; admin=admin,read"),
  /** Connect. */
  CONNECT(
      "Connect Service",
      "referral=publish; quest=publish; voucher=publish; rielt=publish; admin=admin,read;"
          + " approver=admin,read"),
  /** Referral. */
  REFERRAL("Referral Service", "app=join,upgrade,read; admin=join,upgrade,read,admin"),
  /** Quest. */
  QUEST("Quest Service", "app=buy,read; admin=manage,buy,read,admin"),
  /** Voucher. */
  VOUCHER("Voucher Service", "app=buy,read; admin=manage,buy,read,admin"),
  /** Rielt. */
  RIELT("Rielt Service", "app=buy,read; admin=manage,buy,read,admin");

  /** All callers that have an API key. */
  static final List<String> SOURCES =
      List.of("connect", "quest", "voucher", "rielt", "referral", "app", "admin", "approver");

  /** The permissions that are verbs: any of them lets a caller send a batch. */
  private static final Set<String> VERBS =
      Set.of("credit", "debit", "hold", "capture", "release", "refund", "reverse");

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a record of sets that nobody changes
  private final Policy policy;

  /** The policies are written out here, so that they are not taken from what is being tried. */
  Target(String title, String policy) {
    this.title = title;
    this.policy = Objects.requireNonNull(Policy.parse(policy));
  }

  /** The one that is called so on the terminal. */
  static Target titled(String title) {
    return Arrays.stream(values()).filter(t -> t.title.equals(title)).findFirst().orElseThrow();
  }

  /** What its variables in the environment begin with. */
  String prefix() {
    return name();
  }

  /** Where its tables are, and what it is called as a source. */
  String schema() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where its contract is on the class path. */
  String resource() {
    return "contracts/openapi/" + schema() + ".yaml";
  }

  /** Its contract. */
  OpenApi api() {
    return Contracts.of(this);
  }

  /** Whether the policy lets this source use operations of that {@code x-permission}. */
  boolean allows(String source, String permission) {
    return allows(policy.of(source), permission);
  }

  /** Whether a caller who has exactly these permissions may use operations of that one. */
  static boolean allows(Set<String> granted, String permission) {
    return switch (permission) {
      case "anyone" -> true;
      case "authenticated" -> !granted.contains("me"); // any service, but no member
      case "batch" -> granted.stream().anyMatch(VERBS::contains);
      default -> granted.contains(permission);
    };
  }

  /** What the policy gives this source. */
  Set<String> granted(String source) {
    return policy.of(source);
  }

  /** Each contract is read once. */
  private static final class Contracts {
    private static final Map<Target, OpenApi> ALL = new java.util.EnumMap<>(Target.class);

    static synchronized OpenApi of(Target target) {
      return ALL.computeIfAbsent(target, t -> OpenApi.of(t.resource()));
    }
  }
}
