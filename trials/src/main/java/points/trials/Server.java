package points.trials;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import points.service.postgres.Verifier;

/**
 * A PostgreSQL to do things to, as durable as a real one. It listens on the loopback address and
 * trusts everybody there. Thread-safe.
 */
public final class Server implements AutoCloseable {
  private static final Duration START_TIME = Duration.ofSeconds(90);
  private static final Map<String, String> DURABLE =
      Map.of(
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_connections", "200",
          "jit", "off",
          "shared_buffers", "64MB",
          "log_min_messages", "warning");

  private final Programs programs;
  private final Path data;
  private final int port;
  private final Map<String, String> settings = new TreeMap<>(DURABLE);
  private @Nullable Process process;

  private Server(Programs programs, Path data, int port, Map<String, String> settings) {
    this.programs = programs;
    this.data = data;
    this.port = port;
    this.settings.putAll(settings);
  }

  /** Makes a cluster and starts it. */
  public static Server create(Programs programs, Path data, Map<String, String> settings)
      throws IOException {
    programs
        .postgres()
        .run(
            "initdb",
            List.of(
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums"),
            log(data));
    Server server = new Server(programs, data, freePort(), settings);
    server.start();
    return server;
  }

  /** One on a cluster that is there already, say a copy; not started yet. */
  public static Server on(Programs programs, Path data, Map<String, String> settings)
      throws IOException {
    return new Server(programs, data, freePort(), settings);
  }

  /** A port that nobody has just now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path log(Path data) {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** Starts it, with the settings as they are by now; returns when it takes connections. */
  public synchronized void start() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", "" + port));
    settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
    long giveUp = System.nanoTime() + START_TIME.toNanos();
    process = programs.postgres().launch("postgres", arguments, log(data));
    while (true) {
      try (Connection _ = connect("postgres")) {
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > giveUp) {
          throw new IOException("PostgreSQL does not start; see " + log(data), e);
        }
        if (!process.isAlive()) {
          // The backends of one that was killed may hold its memory for a moment longer.
          pause(200);
          process = programs.postgres().launch("postgres", arguments, log(data));
        }
        pause(20);
      }
    }
  }

  /**
   * Copies its files while it runs, as PostgreSQL's low-level API for backups has it, with what a
   * server needs to start from the copy.
   */
  public void copyTo(Path copy) throws IOException, SQLException {
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('copy', true)");
      Programs.run("cp", "-a", data.toString(), copy.toString());
      try (var row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(true)")) {
        row.next();
        Files.writeString(copy.resolve("backup_label"), row.getString(1));
      }
    }
    Files.deleteIfExists(copy.resolve("postmaster.pid"));
    Files.deleteIfExists(copy.resolve("postmaster.opts"));
  }

  /** Changes a setting for the next start. */
  public synchronized void set(String name, String value) {
    settings.put(name, value);
  }

  /** {@code kill -9} of all its processes. */
  public synchronized void kill() {
    Process running = process;
    if (running != null) {
      List<ProcessHandle> backends = running.descendants().toList();
      running.destroyForcibly();
      backends.forEach(ProcessHandle::destroyForcibly);
      await(running);
    }
  }

  /** Stops it in good order. */
  public synchronized void stop() throws IOException {
    Process running = process;
    if (running != null && running.isAlive()) {
      Programs.signal("INT", running.pid());
      await(running);
    }
  }

  /** {@code SIGSTOP} for all of its processes. */
  public synchronized void pause() throws IOException {
    signalAll("STOP");
  }

  /** {@code SIGCONT} for all of its processes. */
  public synchronized void resume() throws IOException {
    signalAll("CONT");
  }

  private void signalAll(String signal) throws IOException {
    Process running = process;
    if (running != null) {
      List<String> command = new ArrayList<>(List.of("sh", "-c"));
      StringBuilder kill = new StringBuilder("kill -s " + signal + " " + running.pid());
      running.descendants().forEach(backend -> kill.append(' ').append(backend.pid()));
      command.add(kill + "; true"); // a backend may have ended by itself
      Programs.run(command.toArray(String[]::new));
    }
  }

  /** Whether its main process lives. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** The process id of the postmaster. */
  public synchronized long pid() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it was never started");
    }
    return running.pid();
  }

  /** Where it stores. */
  public Path data() {
    return data;
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The address of a database. */
  public String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  /** A plain connection as the superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/"
            + database
            + "?user=postgres&connectTimeout=5&socketTimeout=120&currentSchema=points");
  }

  /** The books of a database, for what reads them past any pool. */
  public PGSimpleDataSource source(String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&currentSchema=points"
            .formatted(port, database));
    return source;
  }

  /** What the verifier finds wrong with the books in a database. */
  public List<Verifier.Finding> verify(String database) throws SQLException {
    try {
      return new Verifier(source(database))
          .pass((accounts, transactions) -> {}, Verifier.Pace.FULL)
          .findings();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Runs a statement as the superuser. */
  public void run(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  public String ask(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private static void await(Process running) {
    try {
      if (!running.waitFor(60, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        running.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
