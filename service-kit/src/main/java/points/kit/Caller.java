package points.kit;

import java.util.Set;

/**
 * Who calls, once their credentials were found good. Immutable.
 *
 * @param source the calling service, like {@code connect}; {@code member} for a member
 * @param permissions what they may do; already cut down to what the policy allows
 * @param kind what sort of caller
 * @param subject the member's or operator's own id; the source where there is none
 */
public record Caller(String source, Set<String> permissions, Kind kind, String subject) {

  /** Sorts of callers. */
  public enum Kind {
    /** Another service. */
    SERVICE,
    /** A person who runs this one: has {@code admin}. */
    OPERATOR,
    /** A person who collects points, with access to their own data only. */
    MEMBER
  }

  /** The source of every member; no service can have that name. */
  static final String MEMBER_SOURCE = "member";

  public Caller {
    permissions = Set.copyOf(permissions);
  }

  static Caller service(String source, Set<String> permissions, String subject) {
    Kind kind = permissions.contains("admin") ? Kind.OPERATOR : Kind.SERVICE;
    return new Caller(source, permissions, kind, subject);
  }

  static Caller member(String subject) {
    return new Caller(MEMBER_SOURCE, Set.of(Permission.ME.name()), Kind.MEMBER, subject);
  }
}
