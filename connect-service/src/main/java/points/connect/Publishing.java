package points.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import points.connect.events.CloudEvents;
import points.connect.events.IncomingEvent;
import points.connect.postgres.Intake;
import points.connect.postgres.StoreUnavailable;
import points.kit.Answer;
import points.kit.Call;
import points.kit.CommonError;
import points.kit.Http;
import points.kit.Permission;
import points.kit.Problem;
import points.kit.ProblemException;
import points.kit.StrictJson;

/** {@code POST /events}: the HTTP binding of CloudEvents, in all three of its modes. */
final class Publishing {
  private static final int EVENTS_MAX = 500;
  private static final int BYTES_MAX = 4 * 1024 * 1024;
  private static final String JSON = "application/json";
  private static final String BINARY = "ce-";
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
  private static final Permission PUBLISH = Permission.of("publish");

  private final CloudEvents reader;
  private final Publishers publishers;
  private final IntakeLanes lanes;

  Publishing(CloudEvents reader, Publishers publishers, IntakeLanes lanes) {
    this.reader = reader;
    this.publishers = publishers;
    this.lanes = lanes;
  }

  void mount(Http.Builder http) {
    http.blocking(
        "POST",
        "/events",
        PUBLISH,
        new Http.Body(BYTES_MAX, Set.of(CloudEvents.STRUCTURED, CloudEvents.BATCH, JSON)),
        this::publish);
  }

  private Answer publish(Call call) throws Exception {
    List<IncomingEvent> events = read(call);
    String publisher = call.caller().source();
    List<Intake.Arrival> arrivals = new ArrayList<>(events.size());
    for (IncomingEvent event : events) {
      String objection = publishers.objection(publisher, event);
      if (objection != null) {
        throw notAllowed(arrivals.size(), event, objection);
      }
      arrivals.add(new Intake.Arrival(event, publisher));
    }
    return answer(arrivals, await(lanes.submit(arrivals)));
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    try {
      return stage.toCompletableFuture().get();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof StoreUnavailable) {
        throw new ProblemException(
            CommonError.UNAVAILABLE,
            "The database is out of reach; publish the same events again.");
      }
      throw e;
    }
  }

  private List<IncomingEvent> read(Call call) {
    call.query().done();
    byte[] body = call.body().getBytes();
    String mediaType = String.valueOf(call.header("Content-Type")).split(";", 2)[0].strip();
    Map<String, String> attributes = call.headersBeginning(BINARY);
    if (mediaType.toLowerCase(Locale.ROOT).equals(JSON) && !attributes.isEmpty()) {
      return List.of(reader.binary(decoded(attributes), data(body)));
    }
    JsonNode json = StrictJson.parse(body);
    boolean batch = mediaType.toLowerCase(Locale.ROOT).equals(CloudEvents.BATCH);
    if (json instanceof ObjectNode event && !batch) {
      return List.of(reader.structured(event, ""));
    }
    if (!json.isArray() || mediaType.toLowerCase(Locale.ROOT).equals(CloudEvents.STRUCTURED)) {
      throw ProblemException.invalid(
          "body", batch ? "must be an array of events" : "must be an event, a JSON object");
    }
    return batch(json);
  }

  private static @org.jspecify.annotations.Nullable JsonNode data(byte[] body) {
    return body.length == 0 ? null : StrictJson.parse(body);
  }

  private static Map<String, String> decoded(Map<String, String> attributes) {
    Map<String, String> decoded = new TreeMap<>();
    attributes.forEach((name, value) -> decoded.put(name, decoded(name, value)));
    return decoded;
  }

  /** As the HTTP binding has it: perhaps in quotes, and percent-encoded where it is not ASCII. */
  private static String decoded(String name, String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    String bare =
        quoted ? ESCAPE.matcher(value.substring(1, value.length() - 1)).replaceAll("$1") : value;
    try {
      return URLDecoder.decode(bare.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(BINARY + name, "has a wrong percent-encoding");
    }
  }

  private List<IncomingEvent> batch(JsonNode array) {
    if (array.isEmpty() || array.size() > EVENTS_MAX) {
      throw ProblemException.invalid("body", "must be an array of 1 to " + EVENTS_MAX + " events");
    }
    List<IncomingEvent> events = new ArrayList<>(array.size());
    for (JsonNode item : array) {
      String place = "[" + events.size() + "]";
      if (!(item instanceof ObjectNode event)) {
        throw ProblemException.invalid(place, "must be an event, a JSON object");
      }
      events.add(reader.structured(event, place + "."));
    }
    return events;
  }

  /** Refuses the whole request: who sends what is not theirs has mixed something up. */
  private static ProblemException notAllowed(int index, IncomingEvent event, String objection) {
    String which = event.type() + " of the source " + event.source();
    return new ProblemException(
        Problem.of(
                CommonError.OPERATION_NOT_ALLOWED,
                "Event [" + index + "] is " + which + ": " + objection + ". None was taken in.")
            .with("index", index));
  }

  private static Answer answer(List<Intake.Arrival> arrivals, List<Intake.Taken> taken) {
    int accepted = 0;
    int duplicates = 0;
    List<Map<String, String>> conflicts = new ArrayList<>();
    for (int i = 0; i < taken.size(); i++) {
      switch (taken.get(i)) {
        case ACCEPTED -> accepted++;
        case DUPLICATE -> duplicates++;
        case CONFLICT -> conflicts.add(name(arrivals.get(i).event()));
      }
    }
    if (conflicts.isEmpty()) {
      return Answer.json(202, "{\"accepted\":" + accepted + ",\"duplicates\":" + duplicates + "}");
    }
    throw new ProblemException(
        Problem.of(
                ConnectError.EVENT_CONFLICT,
                "Another event has the same source and id: "
                    + conflicts.getFirst().get("source")
                    + " "
                    + conflicts.getFirst().get("id")
                    + (conflicts.size() == 1 ? "" : " and " + (conflicts.size() - 1) + " more")
                    + ". The others were taken in.")
            .with("conflicts", conflicts)
            .with("accepted", accepted)
            .with("duplicates", duplicates));
  }

  private static Map<String, String> name(IncomingEvent event) {
    Map<String, String> name = new LinkedHashMap<>();
    name.put("source", event.source());
    name.put("id", event.id());
    return name;
  }
}
