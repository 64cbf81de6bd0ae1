package points.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is inserted is what is there, however many rows there are and whatever they have in common.
 */
class BulkInsertTest {

  /** A row of every type that is sent in a way of its own. */
  private record Thing(
      int number,
      @Nullable UUID id,
      @Nullable Instant time,
      @Nullable Long big,
      @Nullable Integer middle,
      @Nullable Integer small,
      @Nullable Boolean flag,
      @Nullable String text,
      @Nullable String bytes) {}

  private static final Instant EARLY = Instant.parse("1970-01-01T00:00:00.000001Z");
  private static final Instant LATE = Instant.parse("9999-12-31T23:59:59.999999Z");

  private static final BulkInsert<Thing> THINGS =
      new BulkInsert<Thing>("thing", "always", "1 + 1")
          .column("number", "integer", Thing::number)
          .column("id", "uuid", Thing::id)
          .column("time", "timestamptz", Thing::time)
          .column("big", "bigint", Thing::big)
          .column("middle", "integer", Thing::middle)
          .column("small", "smallint", Thing::small)
          .column("flag", "boolean", Thing::flag)
          .column("text", "text", "%s || '!'", Thing::text)
          .column("bytes", "bytea", t -> utf8(t.bytes()));

  private Connection connection = connect();

  private static Connection connect() {
    DatabaseUrl url =
        Objects.requireNonNull(DatabaseUrl.parse(TestPostgres.shared().newDatabase()));
    try {
      return DriverManager.getConnection(url.jdbc(), url.properties());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void create() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE thing (number integer, id uuid, time timestamptz, big bigint,
            middle integer, small smallint, flag boolean, text text, bytes bytea, always integer)""");
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 300})
  void rowsThatDifferInEverything(int rows) throws SQLException {
    assertKept(
        rows,
        n ->
            new Thing(
                n,
                new UUID(-n, n),
                n % 2 == 0 ? EARLY : LATE,
                Long.MAX_VALUE - n,
                -n,
                n % 100,
                n % 2 == 0,
                "text \"{}\\, " + n,
                "bytes " + n));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 300})
  void rowsThatShareEverythingButOne(int rows) throws SQLException {
    UUID id = UUID.randomUUID();
    assertKept(rows, n -> new Thing(n, id, LATE, -1L, 2, 3, true, "x", "y"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 300})
  void rowsThatAreAllTheSame(int rows) throws SQLException {
    assertKept(rows, n -> new Thing(7, null, EARLY, 1L, null, 3, false, "", ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 300})
  void rowsOfWhichEveryThirdHasNothing(int rows) throws SQLException {
    assertKept(
        rows,
        n ->
            n % 3 == 0
                ? new Thing(n, null, null, null, null, null, null, null, null)
                : new Thing(n, new UUID(1, n), EARLY, 5L, 5, 5, true, "x", "x"));
  }

  /** The same statements over and over, so that the driver prepares them in between. */
  private void assertKept(int rows, java.util.function.IntFunction<Thing> make)
      throws SQLException {
    List<Thing> things = IntStream.rangeClosed(1, rows).mapToObj(make).toList();
    for (int time = 0; time < 7; time++) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("TRUNCATE thing");
      }
      Pipeline pipeline = new Pipeline();
      THINGS.addTo(pipeline, things);
      pipeline.run(connection);
      assertThat(kept()).isEqualTo(things);
    }
  }

  private List<Thing> kept() throws SQLException {
    List<Thing> kept = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT * FROM thing ORDER BY number")) {
      while (row.next()) {
        assertThat(row.getInt("always")).isEqualTo(2);
        OffsetDateTime time = row.getObject("time", OffsetDateTime.class);
        String text = row.getString("text");
        byte[] bytes = row.getBytes("bytes");
        kept.add(
            new Thing(
                row.getInt("number"),
                row.getObject("id", UUID.class),
                time == null ? null : time.toInstant(),
                row.getObject("big", Long.class),
                row.getObject("middle", Integer.class),
                row.getObject("small", Integer.class),
                row.getObject("flag", Boolean.class),
                text == null ? null : text.substring(0, text.length() - 1),
                bytes == null ? null : new String(bytes, StandardCharsets.UTF_8)));
      }
    }
    return kept;
  }
}
