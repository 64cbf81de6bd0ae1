package points.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the nemesis strikes: a PostgreSQL, and two processes of Points Service on one database, with
 * a wire in between that can be troubled.
 */
public final class Field implements AutoCloseable {
  /** The database. */
  public static final String DATABASE = "points";

  private static final List<String> SOURCES = List.of("connect", "quest", "voucher", "admin");

  private Server server;
  private final Wire wire;
  private Supplier<Set<String>> acknowledged = Set::of;
  private final List<Node> nodes = new ArrayList<>();
  private final List<AutoCloseable> foundations = new ArrayList<>();

  private Field(Server server, Wire wire) {
    this.server = server;
    this.wire = wire;
  }

  /** Starts all of it, storing in a folder of the stage. */
  public static Field open(Stage stage) throws IOException, SQLException {
    Path data = stage.folder().resolve("data");
    return open(stage, Server.create(stage.programs(), data, Map.of()), Map.of());
  }

  /**
   * Starts it on a PostgreSQL that runs already, and closes that in the end.
   *
   * @param settings of the service, beside its own
   * @param prefix the command that starts the second process, such as {@code faketime}
   */
  public static Field open(
      Stage stage, Server server, Map<String, String> settings, String... prefix)
      throws IOException, SQLException {
    Field field = new Field(server, Wire.to(server.port()));
    try {
      server.run("postgres", "CREATE DATABASE " + DATABASE);
      for (int i = 0; i < 2; i++) {
        field.nodes.add(
            Node.of(
                "points.service.Main",
                stage.folder().resolve("node" + i + ".log"),
                field.with(settings),
                i == 0 ? new String[0] : prefix));
      }
      for (Node node : field.nodes) {
        node.launch();
      }
      for (Node node : field.nodes) {
        node.awaitReady();
      }
      field.makeKeys();
      return field;
    } catch (IOException | SQLException | RuntimeException | Error e) {
      field.close();
      throw e;
    }
  }

  private Map<String, String> with(Map<String, String> settings) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("database.url", "postgresql://postgres@127.0.0.1:" + wire.port() + "/" + DATABASE);
    return all;
  }

  private void makeKeys() throws SQLException {
    for (String source : SOURCES) {
      giveKey(server, "points", source);
    }
  }

  /** Makes {@link #key} good for a source at the service with that schema. */
  public static void giveKey(Server server, String schema, String source) throws SQLException {
    server.run(
        DATABASE,
        "INSERT INTO %s.api_key (key_hash, source) VALUES ('\\x%s', '%s')"
            .formatted(schema, sha256(key(source)), source));
  }

  /** The API key of a source, of our own making. */
  public static String key(String source) {
    return "pk_" + source + "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** PostgreSQL. */
  public Server server() {
    return server;
  }

  /** Another PostgreSQL takes over; the services find it at the end of the same wire. */
  public void moveTo(Server successor) {
    server = successor;
    wire.redirect(successor.port());
  }

  /** The external ids whose outcome somebody has been told of by now. */
  public Set<String> acknowledged() {
    return acknowledged.get();
  }

  void watch(Supplier<Set<String>> told) {
    acknowledged = told;
  }

  /** What lies between the services and PostgreSQL. */
  public Wire wire() {
    return wire;
  }

  /** The processes of the service. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Brings up whatever is down. */
  public void heal() throws IOException {
    wire.heal();
    if (!server.isAlive()) {
      server.start();
    }
    for (Node node : nodes) {
      node.awaitReady();
    }
  }

  /** Closes something with this, after all that is on it. */
  public Field with(AutoCloseable below) {
    foundations.add(below);
    return this;
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    wire.close();
    server.close();
    for (AutoCloseable below : foundations.reversed()) {
      try {
        below.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close " + below, e);
      }
    }
  }
}
