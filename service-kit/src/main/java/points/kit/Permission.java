package points.kit;

import java.util.Set;

/**
 * What a caller must be allowed to do to use a route. Every route states one, so a route that
 * nobody thought about cannot be open. Immutable.
 */
public final class Permission {

  /** For everybody, credentials or not: health, metrics, documentation. */
  public static final Permission ANYONE = new Permission("anyone");

  /** For every caller with valid credentials. */
  public static final Permission AUTHENTICATED = new Permission("authenticated");

  /** The one thing that a member's token allows: their own data. */
  public static final Permission ME = new Permission("me");

  private final String name;

  private Permission(String name) {
    this.name = name;
  }

  /** For callers that the policy gives this permission, such as {@code credit}. */
  public static Permission of(String name) {
    if (!Policy.isPermission(name)) {
      throw new IllegalArgumentException("not a permission: " + name);
    }
    return new Permission(name);
  }

  /** The name, as it is in policies and, after {@code points.}, in scopes. */
  public String name() {
    return name;
  }

  boolean allows(Caller caller) {
    return this == AUTHENTICATED || this == ANYONE || caller.permissions().contains(name);
  }

  /** What a caller without it is told. */
  ProblemException refused(Caller caller) {
    String has = caller.permissions().isEmpty() ? "nothing" : String.join(", ", sorted(caller));
    return new ProblemException(
        CommonError.OPERATION_NOT_ALLOWED,
        "This needs the permission "
            + name
            + " (of a token, the scope points."
            + name
            + " too); "
            + caller.source()
            + " has "
            + has
            + ".");
  }

  private static Set<String> sorted(Caller caller) {
    return new java.util.TreeSet<>(caller.permissions());
  }

  @Override
  public String toString() {
    return name;
  }
}
