package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import points.client.PointsClient;
import points.client.PointsException;
import points.connect.events.CloudEvents;
import points.connect.events.EventSchemas;
import points.connect.events.IncomingEvent;
import points.connect.postgres.Intake;
import points.connect.rules.EventType;
import points.connect.rules.FieldType;
import points.kit.StrictJson;

/**
 * What the first event would have to wait for, done before there is one: rules are compiled,
 * connections are made, and code that takes events in has run. Nothing is kept of it, and nothing
 * depends on it.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final String NAME = "connect/warm-up";
  private static final int ROUNDS = 10;
  private static final Duration TIME_MAX = Duration.ofSeconds(1);

  private final EventSchemas schemas;
  private final CloudEvents reader;
  private final Intake intake;
  private final PointsClient points;

  WarmUp(EventSchemas schemas, Intake intake, PointsClient points) {
    this.schemas = schemas;
    this.reader = new CloudEvents(schemas, InstantSource.system());
    this.intake = intake;
    this.points = points;
  }

  /** Takes a second, as a rule less. */
  void run() {
    Thread client = Thread.startVirtualThread(this::callPoints);
    long end = System.nanoTime() + TIME_MAX.toNanos();
    try {
      for (int i = 0; i < ROUNDS && System.nanoTime() < end; i++) {
        intake.rehearse(samples());
      }
      if (!client.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        client.interrupt(); // else it would ask for as long as a credit may take
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the service starts cold", e);
    }
  }

  /** Points need not be there yet. */
  private void callPoints() {
    try {
      var unused = points.balance("user:warm-up");
    } catch (PointsException e) {
      LOG.debug("Points cannot be reached yet: {}", e.getMessage());
    }
  }

  /** An event of every type. */
  List<Intake.Arrival> samples() {
    List<Intake.Arrival> samples = new ArrayList<>();
    for (EventType type : schemas.types()) {
      ObjectNode event = Routes.object();
      event.put("specversion", "1.0").put("source", NAME).put("id", type.name());
      event.put("type", type.name());
      ObjectNode data = event.putObject("data");
      type.fields().forEach((name, field) -> put(data, name, field));
      byte[] json = event.toString().getBytes(StandardCharsets.UTF_8);
      IncomingEvent read = reader.structured(StrictJson.parseObject(json), "");
      samples.add(new Intake.Arrival(read, NAME));
    }
    return samples;
  }

  private static void put(ObjectNode data, String name, FieldType field) {
    switch (field) {
      case TEXT -> data.put(name, "warm-up");
      case INTEGER -> data.put(name, 1_000);
      case FLAG -> data.put(name, true);
      case TEXT_LIST -> {
        ArrayNode list = data.putArray(name);
        list.add("warm-up");
      }
      case INTEGER_LIST -> {
        ArrayNode list = data.putArray(name);
        list.add(1_000);
      }
    }
  }
}
