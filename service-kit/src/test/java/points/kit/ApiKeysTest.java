package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
class ApiKeysTest {

  private Metrics metrics;
  private Database database;
  private ApiKeys keys;

  @BeforeEach
  void open() throws SQLException {
    metrics = new Metrics("test");
    DatabaseUrl url =
        Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase()));
    database = Database.open(new Database.Config(url, "kit", "classpath:db/kit", 4), metrics);
    keys = ApiKeys.open(database.dataSource(), Duration.ofMillis(200));
  }

  @AfterEach
  void close() {
    keys.close();
    database.close();
    metrics.close();
  }

  private static @Nullable String sourceOf(ApiKeys keys, Secret key) {
    return keys.sourceOf(key.reveal()).toCompletableFuture().join();
  }

  @Test
  void issuesKeysThatWorkAndStoresTheirHashOnly() throws Exception {
    Secret key = keys.issue("connect");
    assertThat(key.reveal()).matches("pk_connect_[A-Za-z0-9_-]{43}");
    assertThat(sourceOf(keys, key)).isEqualTo("connect");
    assertThat(sourceOf(keys, new Secret(key.reveal() + "x"))).isNull();
    assertThat(sourceOf(keys, new Secret(key.reveal().replace("connect", "quest")))).isNull();
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery("SELECT encode(key_hash, 'hex'), api_key::text FROM api_key")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo(HexFormat.of().formatHex(Sha256.of(key.reveal())));
      assertThat(row.getString(2)).doesNotContain(key.reveal());
      assertThat(row.next()).isFalse();
    }
    assertThatThrownBy(() -> keys.issue("connect")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> keys.issue("member")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoKeysAreLiveWhileRotating() throws Exception {
    Secret first = keys.issue("connect");
    Secret second = keys.rotate("connect");
    assertThat(sourceOf(keys, first)).isEqualTo("connect");
    assertThat(sourceOf(keys, second)).isEqualTo("connect");
    Secret third = keys.rotate("connect");
    assertThat(sourceOf(keys, first)).isNull();
    assertThat(sourceOf(keys, second)).isEqualTo("connect");
    assertThat(sourceOf(keys, third)).isEqualTo("connect");
    assertThat(keys.revoke(second)).isTrue();
    assertThat(keys.revoke(second)).isFalse();
    assertThat(sourceOf(keys, second)).isNull();
    assertThat(keys.revokeAll("connect")).isEqualTo(1);
    assertThat(sourceOf(keys, third)).isNull();
  }

  @Test
  void concurrentRotationsLeaveTwoKeys() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Secret> rotate = () -> keys.rotate("connect");
      for (var made : threads.invokeAll(java.util.Collections.nCopies(20, rotate))) {
        made.get();
      }
    }
    assertThat(keys.revokeAll("connect")).isEqualTo(2);
  }

  @Test
  void otherProcessesSeeNewKeysAtOnceAndRevokedOnesSoon() throws Exception {
    try (ApiKeys other = ApiKeys.open(database.dataSource(), Duration.ofMillis(200))) {
      Secret key = keys.issue("connect");
      assertThat(sourceOf(other, key)).isEqualTo("connect");
      keys.revoke(key);
      await().atMost(Duration.ofSeconds(3)).until(() -> sourceOf(other, key) == null);
    }
  }

  @Test
  void keysStayGoodWhileTheDatabaseIsAway() throws Exception {
    Secret key = keys.issue("connect");
    database.close();
    Thread.sleep(500);
    assertThat(sourceOf(keys, key)).isEqualTo("connect");
    assertThat(sourceOf(keys, new Secret("pk_connect_x"))).isNull();
  }
}
