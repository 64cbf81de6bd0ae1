package points.connect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics, batch after batch. An offset is committed only after all before it is on disk, so a
 * message may come several times; it is then a duplicate. While the database is away nothing is
 * read, and the membership in the group is kept up. Thread-safe.
 */
final class TopicReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration COMMIT_TIME = Duration.ofSeconds(10);
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicMessages messages;
  private final TopicIntake intake;
  private final Backoff backoff;
  private final KafkaClientMetrics clientMetrics;
  private final Counter read;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private boolean busy;

  /** Reads these topics from now on; the consumer is closed in the end. */
  TopicReader(
      Consumer<byte[], byte[]> consumer,
      Collection<String> topics,
      TopicMessages messages,
      TopicIntake intake,
      Backoff backoff,
      MeterRegistry meters) {
    this.consumer = consumer;
    this.messages = messages;
    this.intake = intake;
    this.backoff = backoff;
    this.clientMetrics = new KafkaClientMetrics(consumer);
    clientMetrics.bindTo(meters);
    this.read =
        Counter.builder("connect.kafka.read")
            .description("Messages that were read from topics and are on disk")
            .register(meters);
    consumer.subscribe(topics, new Listener());
    this.thread = Thread.ofPlatform().name("topics").start(this::run);
  }

  private void run() {
    int failed = 0;
    while (isRunning()) {
      try {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        failed = 0;
        if (!records.isEmpty()) {
          take(records);
        }
      } catch (WakeupException e) {
        // only close() does that
      } catch (KafkaException e) {
        LOG.error("reading from Kafka failed, trying again", e);
        rest(backoff.after(++failed));
      }
    }
    try {
      consumer.close(CloseOptions.timeout(COMMIT_TIME));
    } catch (KafkaException e) {
      LOG.warn("leaving Kafka failed", e);
    }
  }

  private boolean isRunning() {
    return stopping.getCount() > 0;
  }

  /** Returns when the batch is on disk and said to be, or when the service stops. */
  private void take(ConsumerRecords<byte[], byte[]> records) {
    List<TopicMessages.Message> batch = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      batch.add(messages.read(record));
    }
    busy = true;
    consumer.pause(consumer.assignment());
    try {
      int failed = 0;
      while (!intake.take(batch, this::stayMember)) {
        if (!rest(backoff.after(++failed))) {
          return;
        }
      }
      read.increment(batch.size());
      commit(records.nextOffsets());
    } finally {
      busy = false;
      consumer.resume(consumer.assignment());
    }
  }

  /** Waits, unless the service stops. */
  private boolean rest(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
        if (stopping.await(Math.min(left, POLL.toNanos()), TimeUnit.NANOSECONDS)) {
          return false;
        }
        stayMember();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  /** Whoever does not ask for messages now and then is taken for dead. Gives none while paused. */
  private void stayMember() {
    if (!busy || !isRunning()) {
      return;
    }
    try {
      ConsumerRecords<byte[], byte[]> none = consumer.poll(Duration.ZERO);
      if (!none.isEmpty()) {
        throw new IllegalStateException("messages of paused partitions: " + none.partitions());
      }
    } catch (WakeupException e) {
      // only close() does that
    } catch (KafkaException e) {
      LOG.warn("Kafka is in trouble meanwhile: {}", e.toString());
    }
  }

  /** Where this fails, the same messages come again some time. */
  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> ours = new HashMap<>(offsets);
    ours.keySet().retainAll(consumer.assignment());
    try {
      try {
        consumer.commitSync(ours, COMMIT_TIME);
      } catch (WakeupException e) {
        // close() has interrupted it, and does so only once
        consumer.commitSync(ours, COMMIT_TIME);
      }
    } catch (KafkaException e) {
      LOG.warn("offsets were not committed: {}", e.toString());
    }
  }

  /** Stops after the batch that is under way. */
  @Override
  public void close() {
    stopping.countDown();
    consumer.wakeup();
    try {
      if (!thread.join(STOP_TIME)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    clientMetrics.close();
  }

  /** What is assigned in the middle of a batch waits like the rest. */
  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (busy) {
        consumer.pause(partitions);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // What is under way of them is not committed; whoever reads it next finds duplicates.
    }
  }
}
