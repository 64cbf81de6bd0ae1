package points.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;

/** A real broker, in a process of its own, that is its own controller. */
final class TestKafka implements AutoCloseable {
  private static final String CONTROLLER = "CONTROLLER";

  private final Path folder;
  private Process process;
  private final String bootstrap;
  private final Admin admin;
  private final KafkaProducer<String, String> producer;

  private TestKafka(Path folder, Process process, String bootstrap) {
    this.folder = folder;
    this.process = process;
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "linger.ms",
                5,
                // As in the product: see KafkaEventSink.
                "max.in.flight.requests.per.connection",
                1,
                // What a broker that is just starting leaves without an answer is asked again soon.
                "request.timeout.ms",
                5_000,
                "delivery.timeout.ms",
                25_000),
            new StringSerializer(),
            new StringSerializer());
  }

  /** Starts one with nothing in it. */
  static TestKafka start() {
    try {
      Path folder = Files.createTempDirectory("test-kafka");
      Path data = folder.resolve("data");
      int port = freePort();
      Path config = folder.resolve("server.properties");
      try (var out = Files.newBufferedWriter(config)) {
        config(port, freePort(), data).store(out, null);
      }
      Process process = launch(folder);
      TestKafka kafka = new TestKafka(folder, process, "127.0.0.1:" + port);
      kafka.awaitReady();
      return kafka;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process launch(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Broker.class.getName(),
            folder.resolve("server.properties").toString(),
            folder.resolve("data").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  /** Kills the broker as {@code kill -9} does. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it again with what it had. */
  void restart() {
    try {
      process = launch(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Properties config(int port, int controllerPort, Path data) {
    Properties config = new Properties();
    config.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            "1",
            "controller.quorum.voters",
            "1@127.0.0.1:" + controllerPort,
            "controller.listener.names",
            CONTROLLER,
            "listeners",
            "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d"
                .formatted(port, CONTROLLER, controllerPort),
            "log.dirs",
            data.toString(),
            "offsets.topic.replication.factor",
            "1",
            "offsets.topic.num.partitions",
            "1",
            "group.initial.rebalance.delay.ms",
            "0",
            "auto.create.topics.enable",
            "false"));
    return config;
  }

  private void awaitReady() {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty());
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new IllegalStateException("the broker does not start: " + log(), e);
    }
    // It says that it is there before it can hand out what a producer needs for its first message.
    send(List.of(new ProducerRecord<>(newTopic(1), "is anybody there?")));
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String bootstrap() {
    return bootstrap;
  }

  /** Makes a topic of a unique name. */
  String newTopic(int partitions) {
    String topic = Events.fresh("topic-");
    get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
    return topic;
  }

  /** Writes messages; returns when the broker has them. */
  void send(List<ProducerRecord<String, String>> messages) {
    var sent = new ArrayList<java.util.concurrent.Future<?>>();
    messages.forEach(message -> sent.add(producer.send(message)));
    sent.forEach(TestKafka::get);
  }

  /** A message in structured mode. */
  static ProducerRecord<String, String> structured(String topic, String event) {
    ProducerRecord<String, String> message = new ProducerRecord<>(topic, event);
    message
        .headers()
        .add(
            "content-type",
            "application/cloudevents+json; charset=UTF-8".getBytes(StandardCharsets.UTF_8));
    return message;
  }

  /** How far a group has come in a topic, all partitions together. */
  long committed(String group, String topic) {
    return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }

  /** How the readers of a group call themselves. */
  List<String> clients(String group) {
    return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
        .flatMap(found -> found.members().stream())
        .map(member -> member.clientId())
        .toList();
  }

  private static <T> T get(java.util.concurrent.Future<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
    admin.close(Duration.ofSeconds(1));
    kill();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The broker's process. */
  static final class Broker {
    private Broker() {}

    /** Makes the data folder if there is none yet, and serves. */
    public static void main(String[] arguments) throws Exception {
      if (!Files.exists(Path.of(arguments[1], "meta.properties"))) {
        new Formatter()
            .setPrintStream(System.out)
            .setNodeId(1)
            .setClusterId(Uuid.randomUuid().toString())
            .addDirectory(arguments[1])
            .setMetadataLogDirectory(arguments[1])
            .setControllerListenerName(CONTROLLER)
            .setReleaseVersion(MetadataVersion.latestProduction())
            .run();
      }
      kafka.Kafka.main(new String[] {arguments[0]});
    }
  }
}
