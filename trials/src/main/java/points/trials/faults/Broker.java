package points.trials.faults;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import points.trials.Daemon;
import points.trials.Programs;
import points.trials.Server;
import points.trials.Stage;

/** A real broker of Kafka, in a process of its own, that is its own controller. */
final class Broker implements AutoCloseable {
  private static final String CONTROLLER = "CONTROLLER";
  private static final Duration START_TIME = Duration.ofSeconds(90);
  private static final Duration READ_TIME = Duration.ofSeconds(60);

  private final Path folder;
  private final Path config;
  private final String bootstrap;
  private final Daemon daemon;

  private Broker(Path folder, String bootstrap) {
    this.folder = folder;
    this.config = folder.resolve("server.properties");
    this.bootstrap = bootstrap;
    this.daemon = new Daemon(folder.resolve("log"));
  }

  /** Starts one with nothing in it. */
  static Broker start(Stage stage) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(stage.folder().resolve("kafka"));
    int port = Server.freePort();
    Broker broker = new Broker(folder, "127.0.0.1:" + port);
    try (Writer out = Files.newBufferedWriter(broker.config)) {
      config(port, Server.freePort(), folder.resolve("data")).store(out, null);
    }
    try {
      broker.format();
      broker.launch();
      broker.awaitReady();
      return broker;
    } catch (IOException | InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  private static Properties config(int port, int controllerPort, Path data) {
    Map<String, String> all = new HashMap<>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    all.put("controller.listener.names", CONTROLLER);
    all.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d".formatted(port, CONTROLLER, controllerPort));
    all.put("log.dirs", data.toString());
    all.put("offsets.topic.replication.factor", "1");
    all.put("offsets.topic.num.partitions", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
    all.put("auto.create.topics.enable", "false");
    Properties config = new Properties();
    config.putAll(all);
    return config;
  }

  private void format() throws IOException {
    String id = Uuid.randomUuid().toString();
    String path = System.getProperty("java.class.path");
    Programs.run(
        Daemon.java(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        path,
        "kafka.tools.StorageTool",
        "format",
        "-t",
        id,
        "-c",
        config.toString());
  }

  /** Starts it; does not wait. */
  void launch() throws IOException {
    daemon.launch(
        List.of(
            Daemon.java(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            config.toString()));
  }

  /** {@code kill -9}; waits until it is gone. */
  void kill() {
    daemon.kill();
  }

  /** {@code SIGSTOP}. */
  void pause() throws IOException {
    daemon.pause();
  }

  /** {@code SIGCONT}. */
  void resume() throws IOException {
    daemon.resume();
  }

  /** Waits until it answers. */
  void awaitReady() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + START_TIME.toNanos();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      while (true) {
        try {
          admin.describeCluster().nodes().get(2, TimeUnit.SECONDS);
          return;
        } catch (ExecutionException | TimeoutException e) {
          if (System.nanoTime() > giveUp) {
            throw new IOException("the broker does not start; see " + folder.resolve("log"), e);
          }
        }
      }
    }
  }

  /** Where it listens. */
  String bootstrap() {
    return bootstrap;
  }

  /** Makes a topic. */
  void makeTopic(String name, int partitions) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** All messages of a topic; those of one partition in their order. */
  List<ConsumerRecord<String, String>> all(String topic, int partitions) {
    List<TopicPartition> places = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      places.add(new TopicPartition(topic, i));
    }
    List<ConsumerRecord<String, String>> all = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(places);
      consumer.seekToBeginning(places);
      Map<TopicPartition, Long> ends = consumer.endOffsets(places);
      long giveUp = System.nanoTime() + READ_TIME.toNanos();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        if (System.nanoTime() > giveUp) {
          throw new AssertionError("the topic cannot be read to its end " + ends);
        }
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    return all;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
