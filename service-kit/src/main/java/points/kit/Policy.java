package points.kit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which source may do what. Written {@code connect=credit,reverse,read; quest=debit,hold}; a source
 * that is not in it may do nothing. Immutable.
 *
 * @param permissionsBySource the permissions of each source
 */
public record Policy(Map<String, Set<String>> permissionsBySource) {

  private static final Pattern SOURCE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern PERMISSION = Pattern.compile("[a-z][a-z_]{0,31}");
  private static final String PURCHASING = "debit,hold,capture,release,refund,read";

  /** The policy that the mission recommends. */
  static final String DEFAULT =
      "connect=credit,reverse,read; quest="
          + PURCHASING
          + "; voucher="
          + PURCHASING
          + "; rielt="
          + PURCHASING
          + "; admin=admin,read";

  public Policy {
    permissionsBySource = Map.copyOf(permissionsBySource);
  }

  /** The policy as a setting of a service. */
  public static Setting<Policy> setting(String key) {
    return setting(key, DEFAULT);
  }

  /**
   * The policy as a setting of a service whose default is its own.
   *
   * @param fallback the default, with permissions that the service knows
   * @param further permissions that it knows beside them, though by default nobody has them; one
   *     that it does not know is refused
   */
  public static Setting<Policy> setting(String key, String fallback, String... further) {
    Set<String> known = new TreeSet<>(List.of(further));
    Objects.requireNonNull(parse(fallback)).permissionsBySource().values().forEach(known::addAll);
    return new Setting<>(
        key,
        "written like 'a=x,y; b=y', with these permissions: " + String.join(", ", known),
        text -> {
          Policy policy = parse(text);
          return policy != null && policy.hasOnly(known) ? policy : null;
        },
        fallback,
        "Which source may do what.",
        false);
  }

  /** The policy in this text, or null where it is not one. */
  public static @Nullable Policy parse(String text) {
    Map<String, Set<String>> sources = new TreeMap<>();
    for (String rule : text.split(";", -1)) {
      String[] sides = rule.strip().split("=", 2);
      if (sides.length != 2 || !isSource(sides[0].strip())) {
        return null;
      }
      Set<String> permissions = new TreeSet<>();
      for (String permission : sides[1].split(",", -1)) {
        if (!isPermission(permission.strip())) {
          return null;
        }
        permissions.add(permission.strip());
      }
      if (sources.put(sides[0].strip(), Set.copyOf(permissions)) != null) {
        return null;
      }
    }
    return new Policy(sources);
  }

  private boolean hasOnly(Set<String> known) {
    return permissionsBySource.values().stream().allMatch(known::containsAll);
  }

  /** What this source may do; nothing where the policy does not know it. */
  public Set<String> of(String source) {
    return permissionsBySource.getOrDefault(source, Set.of());
  }

  static boolean isSource(String text) {
    return SOURCE.matcher(text).matches() && !text.equals(Caller.MEMBER_SOURCE);
  }

  /** A policy cannot hand out {@code me}: that is what a member's own token is for. */
  static boolean isPermission(String text) {
    return PERMISSION.matcher(text).matches() && !text.equals("me");
  }
}
