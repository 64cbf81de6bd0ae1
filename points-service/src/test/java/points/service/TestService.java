package points.service;

import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import points.kit.Secret;
import points.kit.Settings;
import points.kit.TestPostgres;
import points.service.contract.ApiClient;

/**
 * A real Points Service over HTTP on a real PostgreSQL, with a key for each of the mission's
 * sources. {@link #shared()} is one for all tests that need no other; it is a sandbox, and its
 * books are verified when the JVM ends.
 */
public final class TestService implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static @Nullable TestService shared;

  private final PointsService service;
  private final Map<String, String> keys = new HashMap<>();
  private final String databaseUrl;

  private TestService(PointsService service, String databaseUrl) {
    this.service = service;
    this.databaseUrl = databaseUrl;
  }

  /** The one that tests share. */
  public static synchronized TestService shared() {
    TestService running = shared;
    if (running == null) {
      running = start(TestPostgres.shared().newDatabase(), Map.of("sandbox", "true"));
      shared = running;
    }
    return running;
  }

  /** One of a test's own. */
  public static TestService start(String databaseUrl, Map<String, String> settings) {
    Settings.Builder builder = Settings.of(PointsService.PREFIX, PointsService.settings());
    builder.override("http.port", "0").override("database.url", databaseUrl);
    settings.forEach(builder::override);
    return new TestService(PointsService.start(builder.load(), VERTX), databaseUrl);
  }

  /** The database. */
  public String databaseUrl() {
    return databaseUrl;
  }

  /** Where it listens. */
  public URI url() {
    return URI.create(service.url());
  }

  /** The key of a source, made at its first use. */
  public synchronized String key(String source) {
    return keys.computeIfAbsent(
        source,
        s -> {
          try {
            return service.keys().rotate(s).reveal();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** A further key of a source, beside the one of {@link #key}. */
  public String rotate(String source) throws SQLException {
    return service.keys().rotate(source).reveal();
  }

  /** Ends a key. */
  public void revoke(String key) throws SQLException {
    service.keys().revoke(new Secret(key));
  }

  /** A client without credentials. */
  public ApiClient anonymous() {
    return ApiClient.at(url());
  }

  /** A client of a source. */
  public ApiClient as(String source) {
    return anonymous().as(key(source));
  }

  @Override
  public void close() {
    service.close();
  }
}
