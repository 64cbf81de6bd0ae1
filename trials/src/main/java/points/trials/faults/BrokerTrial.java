package points.trials.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import points.trials.Field;
import points.trials.Node;
import points.trials.Server;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/**
 * The whole way of an event: two processes of Referral Service with one outbox, of which one
 * relays, a broker of Kafka, Connect and Points. All are killed and stopped while people join and
 * rise. Afterwards the topic has every event, those of each member in their order, and everybody
 * has the points for each once.
 */
final class BrokerTrial implements Trial {
  private static final String TOPIC = "referral.events";
  private static final int PARTITIONS = 3;
  private static final int RELAYS = 2;

  /** One strike in so many is not only at a relay. */
  private static final int OTHERS_TOO = 3;

  private static final int PAUSE_MILLIS = 25;
  private static final Duration EMPTY_TIME = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public String promise() {
    return "every event reaches Kafka in its order and is rewarded once, whatever dies on its way";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Server server = Server.create(stage.programs(), stage.folder().resolve("data"), Map.of());
    try (Field field = Field.open(stage, server, Map.of());
        Broker broker = Broker.start(stage)) {
      broker.makeTopic(TOPIC, PARTITIONS);
      Map<String, String> reading =
          Map.of("kafka.bootstrap", broker.bootstrap(), "kafka.topics", TOPIC + "=referral");
      try (Node connect = Rewards.connect(stage, field, reading);
          Way way = new Way(stage, field, broker, connect)) {
        way.open();
        return new Verdict.Held(way.go());
      }
    }
  }

  /** All that an event passes. */
  private static final class Way implements AutoCloseable {
    private final Stage stage;
    private final Field field;
    private final Server server;
    private final Broker broker;
    private final Node connect;
    private final List<Node> relays = new ArrayList<>();
    private final SplittableRandom random;
    private final Map<String, Long> figures = new LinkedHashMap<>();

    Way(Stage stage, Field field, Broker broker, Node connect) {
      this.stage = stage;
      this.field = field;
      this.server = field.server();
      this.broker = broker;
      this.connect = connect;
      this.random = stage.random();
    }

    void open() throws IOException, SQLException {
      connect.start();
      Rewards.giveKeys(server, List.of("admin"));
      for (int i = 0; i < RELAYS; i++) {
        Path log = stage.folder().resolve("referral" + i + ".log");
        Map<String, String> settings = new HashMap<>();
        settings.put("database.url", server.url(Field.DATABASE));
        settings.put("events.way", "kafka");
        settings.put("events.kafka.bootstrap", broker.bootstrap());
        settings.put("events.kafka.topic", TOPIC);
        relays.add(Node.of("points.referral.Main", log, settings));
        relays.getLast().start();
      }
      Field.giveKey(server, "referral", "app");
    }

    Map<String, Long> go() throws Exception {
      try (Joining people = new Joining(relays)) {
        people.start(random.split(), PAUSE_MILLIS);
        int kills = stage.scale().of(20, 100, 1_000);
        long next = System.nanoTime();
        for (int i = 1; i <= kills; i++) {
          strike(i);
          if (System.nanoTime() - next > Duration.ofSeconds(10).toNanos()) {
            next = System.nanoTime();
            stage.say("%d of %d kills of a relay, %d calls done", i, kills, people.done());
          }
        }
        heal();
        List<Joining.Member> members = people.stop();
        figures.put("calls done", people.done());
        check(members);
        return figures;
      }
    }

    /** One relay after the other dies; one of three times something else is hurt meanwhile. */
    private void strike(int number) throws Exception {
      Node relay = relays.get(number % RELAYS);
      Server.pause(200 + random.nextInt(600));
      relay.kill();
      count("kills of a relay");
      if (number % OTHERS_TOO == 0) {
        hurtAnother();
      }
      relay.launch();
      // Until it serves again, now and then: the other one relays, if it has got that far.
      if (random.nextInt(4) == 0) {
        relay.awaitReady();
      }
    }

    private void hurtAnother() throws Exception {
      Node points = field.nodes().getFirst();
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          broker.kill();
          Server.pause(random.nextInt(1_000));
          broker.launch();
          count("kills of the broker");
        }
        case 2 -> {
          broker.pause();
          Server.pause(300 + random.nextInt(3_000));
          broker.resume();
          count("stops of the broker");
        }
        case 3 -> {
          connect.kill();
          connect.launch();
          count("kills of Connect");
        }
        case 4 -> stop(connect, "stops of Connect");
        case 5 -> {
          points.kill();
          points.launch();
          count("kills of Points");
        }
        case 6 -> stop(points, "stops of Points");
        default -> stop(relays.get(random.nextInt(RELAYS)), "stops of a relay");
      }
    }

    private void stop(Node node, String what) throws IOException {
      node.pause();
      Server.pause(300 + random.nextInt(2_000));
      node.resume();
      count(what);
    }

    private void count(String what) {
      figures.merge(what, 1L, Long::sum);
    }

    private void heal() throws IOException, InterruptedException {
      broker.awaitReady();
      for (Node relay : relays) {
        relay.awaitReady();
      }
      connect.awaitReady();
      field.heal();
    }

    private void check(List<Joining.Member> members) throws Exception {
      Map<String, List<String>> events = Joining.events(members);
      long distinct = events.values().stream().mapToLong(List::size).sum();
      figures.put("events", distinct);
      long start = System.nanoTime();
      awaitEmpty();
      Rewards.awaitQuiet(server, distinct);
      figures.put("ms from healing to quiet", (System.nanoTime() - start) / 1_000_000);
      requireTopic(events);
      Rewards.requireOnce(server, distinct);
      for (Joining.Member member : members) {
        Rewards.require(
            "points of " + member.id,
            member.points,
            Rewards.number(
                server,
                "SELECT coalesce(sum(available), 0) FROM points.account WHERE account = 'user:%s'"
                    .formatted(member.id)));
      }
      Rewards.requireReconciled(connect);
    }

    /** The relay waits longer and longer while the broker is away: this takes its time. */
    private void awaitEmpty() throws SQLException {
      long giveUp = System.nanoTime() + EMPTY_TIME.toNanos();
      while (Rewards.number(server, "SELECT count(*) FROM referral.outbox") > 0) {
        if (System.nanoTime() > giveUp) {
          throw new AssertionError("the outbox does not get empty");
        }
        Server.pause(200);
      }
    }

    /**
     * What was written in the topic: each event at least once and, but for repetitions, those of a
     * member in the order in which they happened.
     */
    private void requireTopic(Map<String, List<String>> expected) throws JsonProcessingException {
      Map<String, List<String>> found = new HashMap<>();
      Set<String> ids = new HashSet<>();
      List<ConsumerRecord<String, String>> messages = broker.all(TOPIC, PARTITIONS);
      for (ConsumerRecord<String, String> message : messages) {
        JsonNode event = JSON.readTree(message.value());
        if (ids.add(event.path("id").asText())) {
          found
              .computeIfAbsent(message.key(), key -> new ArrayList<>())
              .add(event.path("type").asText());
        }
      }
      figures.put("repeated in the topic", (long) messages.size() - ids.size());
      expected.forEach(
          (subject, events) -> {
            if (!events.equals(found.get(subject))) {
              throw new AssertionError(
                  subject + " did " + events + ", and the topic has " + found.get(subject));
            }
          });
      Rewards.require("subjects in the topic", expected.size(), found.size());
    }

    @Override
    public void close() {
      relays.forEach(Node::close);
    }
  }
}
