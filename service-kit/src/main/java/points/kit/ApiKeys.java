package points.kit;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of services that have no identity provider. A key is {@code pk_<source>_<43 characters>}
 * with 256 random bits; only its SHA-256 is stored, in a table of the service's own:
 *
 * <pre>
 * CREATE TABLE api_key (
 *   key_hash   bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
 *   source     text NOT NULL,
 *   created_at timestamptz NOT NULL DEFAULT now(),
 *   revoked_at timestamptz
 * );
 * </pre>
 *
 * <p>Look-ups are answered from memory. The memory is refreshed every few seconds, and when an
 * unknown key turns up, which then waits for it, at most five times a second: so a revoked key
 * works for at most a few seconds, and a new one at once. While the database is away, the last
 * known keys stay good. Safe for use by many threads; {@link #close()} ends the refreshing.
 */
public final class ApiKeys implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration REFRESH_GAP = Duration.ofMillis(200);
  private static final int LIVE_KEYS_MAX = 2;

  private final DataSource database;
  private final Thread refresher;
  private final AtomicReference<@Nullable CompletableFuture<Boolean>> awaited =
      new AtomicReference<>();
  private volatile Map<Hash, String> live = Map.of();
  private volatile long askedAtNanos = System.nanoTime() - REFRESH_GAP.toNanos();

  private ApiKeys(DataSource database, Duration refreshEvery) {
    this.database = database;
    this.refresher =
        Thread.ofVirtual().name("api-keys").unstarted(() -> refreshForEver(refreshEvery));
  }

  /**
   * Reads the keys and keeps reading them.
   *
   * @param refreshEvery for how long a revoked key may still work, as a rule 5 seconds
   * @throws SQLException if the table cannot be read
   */
  public static ApiKeys open(DataSource database, Duration refreshEvery) throws SQLException {
    ApiKeys keys = new ApiKeys(database, refreshEvery);
    keys.refresh();
    keys.refresher.start();
    return keys;
  }

  /**
   * Makes a key for a source that has none.
   *
   * @return the key; this is the only time that it can be seen
   * @throws IllegalStateException if the source has a live key; {@link #rotate} is for that
   */
  public Secret issue(String source) throws SQLException {
    return insert(source, 0);
  }

  /**
   * Makes a further key. At most two of a source are live at once; older ones are revoked.
   *
   * @return the new key; this is the only time that it can be seen
   */
  public Secret rotate(String source) throws SQLException {
    return insert(source, LIVE_KEYS_MAX - 1);
  }

  /**
   * Makes a key that exists already known to this database, as when it has been replaced by an
   * empty one. A key that is known is left as it is; a revoked one stays revoked.
   *
   * @throws IllegalArgumentException if it is not a key of that source
   */
  public void accept(String source, Secret key) throws SQLException {
    if (!isKeyOf(source, key.reveal())) {
      throw new IllegalArgumentException("not an API key of " + source);
    }
    try (var connection = database.getConnection();
        var insert =
            connection.prepareStatement(
                "INSERT INTO api_key (key_hash, source, created_at)"
                    + " VALUES (?, ?, clock_timestamp()) ON CONFLICT DO NOTHING")) {
      insert.setBytes(1, Sha256.of(key.reveal()));
      insert.setString(2, source);
      insert.executeUpdate();
      commit(connection);
    }
    refresh();
  }

  /** Whether this has the form of a key of that source. */
  public static boolean isKeyOf(String source, String key) {
    return key.matches("pk_" + Pattern.quote(source) + "_[A-Za-z0-9_-]{43}");
  }

  /** Revokes this key; it stops working everywhere within the refresh time. */
  public boolean revoke(Secret key) throws SQLException {
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "UPDATE api_key SET revoked_at = now() WHERE key_hash = ? AND revoked_at IS NULL")) {
      update.setBytes(1, Sha256.of(key.reveal()));
      boolean revoked = update.executeUpdate() == 1;
      commit(connection);
      refresh();
      return revoked;
    }
  }

  /** Revokes every key of this source and returns how many there were. */
  public int revokeAll(String source) throws SQLException {
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "UPDATE api_key SET revoked_at = now() WHERE source = ? AND revoked_at IS NULL")) {
      update.setString(1, source);
      int revoked = update.executeUpdate();
      commit(connection);
      refresh();
      return revoked;
    }
  }

  /** Whether this could be one of our keys, so that nobody else need look at it. */
  static boolean looksLikeKey(String token) {
    return token.startsWith("pk_");
  }

  /**
   * The source whose live key this is; null for an unknown key. Completed at once for a known key;
   * never blocks.
   */
  CompletionStage<@Nullable String> sourceOf(String token) {
    Hash hash = new Hash(Sha256.of(token));
    String source = live.get(hash);
    CompletableFuture<@Nullable String> found = new CompletableFuture<>();
    if (source != null) {
      found.complete(source);
    } else {
      nextRefresh().thenAccept(done -> found.complete(live.get(hash)));
    }
    return found;
  }

  /**
   * A refresh that has not begun yet, so that it will see every key made before this call. All who
   * ask in the meantime share it, and they come at most so often: a stranger guessing keys must not
   * become a query a guess.
   */
  private CompletionStage<?> nextRefresh() {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> shared = awaited.compareAndExchange(null, mine);
    if (shared != null) {
      return shared;
    }
    Thread.startVirtualThread(
        () -> {
          restUntilNextRefresh();
          awaited.set(null); // whoever asks from now on might be too late for this one
          refreshQuietly();
          mine.complete(true);
        });
    return mine;
  }

  private void restUntilNextRefresh() {
    try {
      long rested = System.nanoTime() - askedAtNanos;
      Thread.sleep(Duration.ofNanos(Math.max(0, REFRESH_GAP.toNanos() - rested)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then at once
    }
    askedAtNanos = System.nanoTime();
  }

  private Secret insert(String source, int keep) throws SQLException {
    if (!Policy.isSource(source)) {
      throw new IllegalArgumentException("not a source: " + Excerpt.of(source));
    }
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    String key =
        "pk_" + source + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    try (var connection = database.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        lockSource(connection, source);
        revokeAllBut(connection, source, keep);
        insert(connection, source, Sha256.of(key));
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    }
    refresh();
    return new Secret(key);
  }

  /** Two rotations at once must not leave three keys alive. */
  private static void lockSource(Connection connection, String source) throws SQLException {
    try (var lock =
        connection.prepareStatement(
            "SELECT pg_advisory_xact_lock(hashtextextended('api_key:' || ?, 0))")) {
      lock.setString(1, source);
      lock.execute();
    }
  }

  private static void revokeAllBut(Connection connection, String source, int keep)
      throws SQLException {
    String liveKeys = "SELECT count(*) FROM api_key WHERE source = ? AND revoked_at IS NULL";
    if (keep == 0) {
      try (var count = connection.prepareStatement(liveKeys)) {
        count.setString(1, source);
        try (var row = count.executeQuery()) {
          row.next();
          if (row.getInt(1) > 0) {
            throw new IllegalStateException(source + " has a live key: rotate it");
          }
        }
      }
    }
    try (var update =
        connection.prepareStatement(
            """
            UPDATE api_key SET revoked_at = now()
            WHERE revoked_at IS NULL AND key_hash IN (
              SELECT key_hash FROM api_key WHERE source = ? AND revoked_at IS NULL
              ORDER BY created_at DESC, key_hash OFFSET ?)
            """)) {
      update.setString(1, source);
      update.setInt(2, keep);
      update.executeUpdate();
    }
  }

  private static void insert(Connection connection, String source, byte[] hash)
      throws SQLException {
    // clock_timestamp, as two keys made in one transaction still have an order.
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO api_key (key_hash, source, created_at)"
                + " VALUES (?, ?, clock_timestamp())")) {
      insert.setBytes(1, hash);
      insert.setString(2, source);
      insert.executeUpdate();
    }
  }

  private static void commit(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.commit();
    }
  }

  private void refreshForEver(Duration every) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(every);
        refreshQuietly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refreshQuietly() {
    try {
      refresh();
    } catch (SQLException e) {
      log.warn("API keys not refreshed, the last known ones stay good: {}", e.getMessage());
    }
  }

  private synchronized void refresh() throws SQLException {
    Map<Hash, String> keys = new HashMap<>();
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "SELECT key_hash, source FROM api_key WHERE revoked_at IS NULL");
        var rows = select.executeQuery()) {
      while (rows.next()) {
        keys.put(new Hash(rows.getBytes(1)), rows.getString(2));
      }
      commit(connection);
    }
    live = Map.copyOf(keys);
  }

  @Override
  public void close() {
    refresher.interrupt();
  }

  /**
   * A hash as a key of a map. Equality takes the same time whatever the bytes; what the map itself
   * gives away concerns the hash, from which no key can be made.
   */
  static final class Hash {
    private final byte[] bytes;

    Hash(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Hash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return java.nio.ByteBuffer.wrap(bytes).getInt();
    }
  }
}
