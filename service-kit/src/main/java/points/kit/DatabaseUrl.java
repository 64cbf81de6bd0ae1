package points.kit;

import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a PostgreSQL database is and how to log in: {@code
 * postgresql://user:password@host:5432/name?sslmode=require}, {@code postgres://…}, or {@code
 * jdbc:postgresql://…}. Its string form has no password. Immutable.
 */
public final class DatabaseUrl {

  private static final String JDBC = "jdbc:postgresql://";
  private static final String ALLOWED = "written like postgresql://user:password@host:5432/name";

  private static final int PORT_MAX = 65_535;

  /** What the driver knows; it would complain only when the first connection is made. */
  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private final String target;
  private final Map<String, String> parameters;

  private DatabaseUrl(String target, Map<String, String> parameters) {
    this.target = target;
    this.parameters = Map.copyOf(parameters);
  }

  /** The address as a setting, which is a secret for the password in it. */
  public static Setting<DatabaseUrl> setting(String key, String description) {
    return new Setting<>(key, ALLOWED, DatabaseUrl::parse, null, description, true);
  }

  /** The address in this text, or null where it is not one. */
  public static @Nullable DatabaseUrl parse(String text) {
    String rest = null;
    for (String scheme : new String[] {JDBC, "postgresql://", "postgres://"}) {
      if (text.startsWith(scheme)) {
        rest = text.substring(scheme.length());
      }
    }
    if (rest == null || rest.chars().anyMatch(c -> c <= ' ')) {
      return null;
    }
    int question = rest.indexOf('?');
    Map<String, String> parameters = new TreeMap<>();
    if (question >= 0 && !addParameters(parameters, rest.substring(question + 1))) {
      return null;
    }
    String place = question < 0 ? rest : rest.substring(0, question);
    int at = place.lastIndexOf('@');
    if (at >= 0 && !addLogin(parameters, place.substring(0, at))) {
      return null;
    }
    String target = place.substring(at + 1);
    int slash = target.indexOf('/');
    boolean sound =
        slash > 0
            && slash < target.length() - 1
            && arePlaces(target.substring(0, slash))
            && SSL_MODES.contains(parameters.getOrDefault("sslmode", "prefer"));
    return sound ? new DatabaseUrl(target, parameters) : null;
  }

  /** Of several hosts, separated by commas, each may have a port. */
  private static boolean arePlaces(String hosts) {
    for (String host : hosts.split(",", -1)) {
      int colon = host.indexOf(':', host.indexOf(']') + 1);
      if (colon >= 0) {
        Long port = FieldText.integer(host.substring(colon + 1));
        if (port == null || port < 1 || port > PORT_MAX) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean addParameters(Map<String, String> parameters, String query) {
    try {
      QueryText.parse(query)
          .properties()
          .forEach(parameter -> parameters.put(parameter.getKey(), parameter.getValue().asText()));
      return true;
    } catch (ProblemException e) {
      return false;
    }
  }

  private static boolean addLogin(Map<String, String> parameters, String login) {
    int colon = login.indexOf(':');
    String user = QueryText.decoded(colon < 0 ? login : login.substring(0, colon), false);
    String password = colon < 0 ? "" : QueryText.decoded(login.substring(colon + 1), false);
    if (user == null || password == null) {
      return false;
    }
    parameters.put("user", user);
    if (!password.isEmpty()) {
      parameters.put("password", password);
    }
    return true;
  }

  /** The JDBC address, without login and parameters. */
  String jdbc() {
    return JDBC + target;
  }

  /** The parameters for the driver, login included. */
  Properties properties() {
    Properties properties = new Properties();
    properties.putAll(parameters);
    return properties;
  }

  /**
   * Plain connections to this database, without a pool, checks or migrations; for tools.
   *
   * @param schema what names without one mean
   */
  public DataSource dataSource(String schema) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(jdbc());
    connections.setCurrentSchema(schema);
    try {
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        connections.setProperty(parameter.getKey(), parameter.getValue());
      }
    } catch (SQLException e) {
      throw new DatabaseUnusable("The address of the database is wrong: " + e.getMessage(), e);
    }
    return connections;
  }

  @Override
  public String toString() {
    return "postgresql://" + target;
  }
}
