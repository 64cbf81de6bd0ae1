package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every event arrives, in order, whatever the receiver and the transactions do. */
class OutboxTest {

  private final Things things = Things.fresh();
  private final EventReceiver receiver = new EventReceiver();

  @AfterEach
  void close() {
    receiver.close();
    things.close();
  }

  @Test
  void anEventIsACloudEvent() {
    things.change("thing-1");
    try (Outbox _ = start()) {
      awaitArrived(1);
    }
    JsonNode event = receiver.taken.getFirst();
    assertThat(event.properties().stream().map(java.util.Map.Entry::getKey))
        .containsExactly(
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data");
    assertThat(event.get("specversion").asText()).isEqualTo("1.0");
    assertThat(event.get("id").asText()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7.*");
    assertThat(event.get("source").asText()).isEqualTo("things");
    assertThat(event.get("type").asText()).isEqualTo("thing.changed");
    assertThat(event.get("subject").asText()).isEqualTo("thing-1");
    assertThat(event.get("data").toString()).isEqualTo("{\"change\":1}");
    assertThat(receiver.headers)
        .containsExactlyInAnyOrder("application/cloudevents-batch+json", "Bearer pk_test");
  }

  @Test
  void everyEventArrivesInTheOrderOfItsThing() throws InterruptedException {
    try (Outbox _ = start()) {
      things.changeAtOnce(8, 100, 5);
      awaitArrived(800);
    }
    requireOrder(800);
    assertThat(things.count("SELECT count(*) FROM outbox")).isZero();
  }

  @Test
  void aTransactionThatCommitsLateLosesNothing() throws Exception {
    try (Outbox _ = start();
        Connection late = things.database.dataSource().getConnection()) {
      late.setAutoCommit(false);
      Things.write(late, "late");
      things.change("soon");
      things.change("soon");
      Thread.sleep(600);
      assertThat(receiver.distinct()).as("what is behind the horizon waits").isZero();
      late.commit();
      awaitArrived(3);
    }
    assertThat(receiver.order())
        .containsEntry("late", List.of(1))
        .containsEntry("soon", List.of(1, 2));
  }

  @Test
  void whatIsRolledBackNeverHappened() throws Exception {
    try (Outbox _ = start();
        Connection undone = things.database.dataSource().getConnection()) {
      undone.setAutoCommit(false);
      Things.write(undone, "undone");
      undone.rollback();
      things.change("done");
      awaitArrived(1);
    }
    assertThat(receiver.order()).containsOnlyKeys("done");
  }

  @Test
  void anEventNeedsATransaction() throws Exception {
    try (Connection connection = things.database.dataSource().getConnection()) {
      assertThatThrownBy(() -> Things.write(connection, "x")).hasMessageContaining("transaction");
    }
  }

  @Test
  void aReceiverThatFailsGetsEverythingLater() throws InterruptedException {
    AtomicInteger call = new AtomicInteger();
    List<EventReceiver.Reply> replies =
        List.of(
            EventReceiver.Reply.error(503, "overloaded"),
            EventReceiver.Reply.error(401, "unauthenticated"),
            EventReceiver.Reply.error(409, "something_else"),
            new EventReceiver.Reply(true, 0, ""), // it takes them, but nobody is told
            new EventReceiver.Reply(true, 500, "<html>"));
    receiver.behaviour =
        batch -> {
          int n = call.getAndIncrement();
          return n < replies.size() ? replies.get(n) : EventReceiver.Reply.ACCEPTED;
        };
    things.changeAtOnce(4, 25, 3);
    try (Outbox _ = start()) {
      awaitArrived(100);
      await().until(() -> things.count("SELECT count(*) FROM outbox") == 0);
    }
    requireOrder(100);
    assertThat(things.metrics.registry().get("outbox.failed").counter().count()).isEqualTo(5);
    assertThat(things.metrics.registry().get("outbox.delivered").counter().count()).isEqualTo(100);
  }

  @Test
  void anEventThatIsRefusedIsSetAsideAndItsNeighboursFlow() throws InterruptedException {
    for (EventReceiver.Reply refusal :
        List.of(
            EventReceiver.Reply.error(400, "invalid_request"),
            EventReceiver.Reply.error(409, "event_conflict"))) {
      receiver.behaviour =
          batch -> {
            for (JsonNode event : batch) {
              if (event.get("subject").asText().equals("poison")) {
                return refusal;
              }
            }
            return EventReceiver.Reply.ACCEPTED;
          };
      int before = receiver.distinct();
      things.changeAtOnce(2, 25, 3);
      things.change("poison");
      things.changeAtOnce(2, 25, 3);
      try (Outbox _ = start()) {
        awaitArrived(before + 100);
      }
    }
    requireOrder(200);
    assertThat(things.count("SELECT count(*) FROM outbox WHERE parked_reason LIKE 'status 4%'"))
        .isEqualTo(2);
    assertThat(things.metrics.registry().get("outbox.parked").gauge().value()).isEqualTo(2);
    assertThat(things.metrics.registry().get("outbox.waiting").gauge().value()).isZero();
  }

  @Test
  void aSinkThatThrowsIsTriedAgain() {
    things.change("thing");
    AtomicInteger attempts = new AtomicInteger();
    EventSink broken =
        new WrappedSink(receiver.sink()) {
          @Override
          public Delivery deliver(List<CloudEvent> events) throws InterruptedException {
            if (attempts.getAndIncrement() == 0) {
              throw new IllegalStateException("a bug");
            }
            return super.deliver(events);
          }
        };
    try (Outbox _ = Outbox.start(things.database, "things", broken, things.metrics)) {
      awaitArrived(1);
    }
  }

  @Test
  void moreThanOneBatch() {
    IntStream.range(0, 1_201).forEach(i -> things.change("thing-" + i % 7));
    try (Outbox _ = start()) {
      awaitArrived(1_201);
    }
    requireOrder(1_201);
    assertThat(receiver.calls.get()).isEqualTo(3);
  }

  @Test
  void itStopsAtOnceWhileTheDatabaseIsAway() {
    try (TestPostgres mortal = TestPostgres.start(java.util.Map.of())) {
      Things theirs = new Things(mortal.newDatabase());
      Outbox outbox = Outbox.start(theirs.database, "things", receiver.sink(), theirs.metrics);
      theirs.change("thing-1");
      awaitArrived(1);
      mortal.kill();
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // it has noticed
      long start = System.nanoTime();
      outbox.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      theirs.close();
      mortal.restart(); // to be stopped in good order
    }
  }

  private Outbox start() {
    return Outbox.start(things.database, "things", receiver.sink(), things.metrics);
  }

  private void awaitArrived(int events) {
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.distinct() >= events);
  }

  private void requireOrder(int events) {
    assertThat(receiver.distinct()).isEqualTo(events);
    receiver
        .order()
        .forEach(
            (thing, changes) ->
                assertThat(changes)
                    .as(thing)
                    .isEqualTo(IntStream.rangeClosed(1, changes.size()).boxed().toList()));
  }
}
