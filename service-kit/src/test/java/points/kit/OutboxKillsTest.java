package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that dies after it has published and before it has marked repeats, and loses nothing. */
class OutboxKillsTest {

  /** The relay as a process that dies once it has delivered one batch. */
  static final class Mortal {
    public static void main(String[] arguments) throws InterruptedException {
      Things things = new Things(arguments[0]);
      EventSink deadly =
          new Dying(new HttpEventSink(URI.create(arguments[1]), new Secret("pk_test")));
      Outbox.start(things.database, "things", deadly, things.metrics);
      Thread.sleep(60_000);
    }
  }

  private static final class Dying extends WrappedSink {
    Dying(EventSink inner) {
      super(inner);
    }

    @Override
    public int eventsMax() {
      return 10;
    }

    @Override
    public Delivery deliver(List<CloudEvent> events) throws InterruptedException {
      super.deliver(events);
      Runtime.getRuntime().halt(42);
      throw new IllegalStateException("dead");
    }
  }

  @Test
  void theProcessIsKilledBetweenPublishAndMark(@TempDir Path folder) throws Exception {
    try (Things things = Things.fresh();
        EventReceiver receiver = new EventReceiver()) {
      things.changeAtOnce(4, 10, 3);
      for (int kill = 0; kill < 3; kill++) {
        assertThat(mortal(things.url, receiver.url(), folder)).isEqualTo(42);
        assertThat(receiver.calls.get()).isEqualTo(kill + 1);
      }
      assertThat(receiver.distinct()).as("the same ten, every time").isEqualTo(10);
      try (Outbox _ = Outbox.start(things.database, "things", receiver.sink(), things.metrics)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.distinct() == 40);
      }
      requireOrder(receiver);
    }
  }

  private static int mortal(String database, URI receiver, Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Mortal.class.getName(),
                database,
                receiver.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "relay.out"))
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void theConnectionIsKilledBetweenPublishAndMark() throws Exception {
    try (Things things = Things.fresh();
        Things other = new Things(things.url);
        EventReceiver receiver = new EventReceiver()) {
      AtomicInteger kills = new AtomicInteger();
      // Two processes' worth of relays: whichever loses its connection, the other takes over.
      try (Outbox _ = start(things, receiver, kills);
          Outbox _ = start(other, receiver, kills)) {
        for (int i = 0; i < 20; i++) {
          things.changeAtOnce(4, 10, 3);
          Thread.sleep(100);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> receiver.distinct() == 800);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> things.count("SELECT count(*) FROM outbox") == 0);
      }
      assertThat(kills.get()).isGreaterThan(3);
      requireOrder(receiver);
    }
  }

  private static Outbox start(Things things, EventReceiver receiver, AtomicInteger kills) {
    EventSink killing =
        new WrappedSink(receiver.sink()) {
          @Override
          public Delivery deliver(List<CloudEvent> events) throws InterruptedException {
            Delivery delivery = super.deliver(events);
            if (kills.get() < 10 && Math.floorMod(events.getFirst().hashCode(), 2) == 0) {
              kill(things);
              kills.incrementAndGet();
            }
            return delivery;
          }
        };
    return Outbox.start(things.database, "things", killing, things.metrics);
  }

  private static void kill(Things things) {
    try (Connection connection = things.database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d"
              + " ON d.oid = l.database WHERE l.locktype = 'advisory' AND l.granted"
              + " AND d.datname = current_database()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void onlyOneRelays() throws Exception {
    try (Things things = Things.fresh();
        Things other = new Things(things.url);
        EventReceiver receiver = new EventReceiver();
        Outbox first = Outbox.start(things.database, "a", receiver.sink(), things.metrics);
        Outbox second = Outbox.start(other.database, "b", receiver.sink(), other.metrics)) {
      for (int i = 0; i < 10; i++) {
        things.changeAtOnce(2, 5, 3);
        first.wake();
        second.wake();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> receiver.distinct() == 100);
      assertThat(receiver.taken.stream().map(e -> e.get("source").asText()).distinct()).hasSize(1);
    }
  }

  private static void requireOrder(EventReceiver receiver) {
    receiver
        .order()
        .forEach(
            (thing, changes) ->
                assertThat(changes)
                    .as(thing)
                    .isEqualTo(IntStream.rangeClosed(1, changes.size()).boxed().toList()));
  }
}
