package points.trials.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import points.connect.events.CloudEvents;
import points.connect.events.EventSchemas;
import points.connect.events.IncomingEvent;
import points.connect.rules.CheckedRule;
import points.connect.rules.RuleReader;
import points.connect.rules.RuleRefused;
import points.kit.DatabaseUrl;
import points.kit.Fields;
import points.kit.Policy;
import points.kit.ProblemException;
import points.kit.RequestLines;
import points.kit.StrictJson;
import points.kit.TextRule;
import points.ledger.AccountId;
import points.service.postgres.StreamPosition;

/** What reads the texts that strangers write, each with what it may throw. */
final class Readers {
  /** Takes a text, good or not. Whatever it throws is a fault. */
  @FunctionalInterface
  interface Body {
    void read(byte[] text) throws Exception;
  }

  /** What texts are like: readers of one kind can be given the same ones. */
  enum Kind {
    /** JSON. */
    JSON,
    /** A line without spaces. */
    LINE,
    /** A rule. */
    RULE,
    /** A token or its claims: the signatures take time. */
    TOKEN
  }

  /** Makes a body ready: only a process that uses it pays for what it needs. */
  @FunctionalInterface
  interface Opening {
    Body open() throws Exception;
  }

  /**
   * One of them.
   *
   * @param kind what its texts are like
   * @param share of the time, as it is slow or has much to get wrong
   * @param corpus good texts
   * @param dictionary words that mean something to it
   */
  record Reader(
      String name,
      Kind kind,
      int share,
      Supplier<List<String>> corpus,
      List<String> dictionary,
      Opening opening) {
    Reader {
      dictionary = Stream.concat(dictionary.stream(), Words.NUMBERS.stream()).toList();
    }
  }

  private Readers() {}

  /** All of them. */
  static List<Reader> all() {
    String event =
        "{\"specversion\":\"1.0\",\"source\":\"quest\",\"id\":\"e-17\",\"type\":\"quest.completed\","
            + "\"time\":\"2026-11-22T18:00:00Z\",\"data\":{\"quest_id\":\"q1\",\"user_id\":\"42\"}}";
    String claims =
        "{\"iss\":\"%s\",\"aud\":\"points\",\"sub\":\"1\",\"client_id\":\"quest\",\"azp\":\"quest\","
                .formatted(SignedTexts.ISSUER)
            + "\"scope\":\"points.debit points.me\",\"scp\":[\"points.read\"],\"exp\":4102444800,\"nbf\":0}";
    List<String> claimWords =
        List.of(
            "\"exp\":",
            "\"aud\":[",
            "\"scope\":",
            "\"client_id\":",
            "points.",
            "{\"a\":",
            "[",
            "null",
            "1e999");
    return List.of(
        new Reader(
            "JSON",
            Kind.JSON,
            3,
            () -> List.of(event, "[1,-2.5e3,\"\\u00e9\",null,{\"a\":[true]}]"),
            Words.JSON,
            () -> Readers::json),
        new Reader(
            "queries",
            Kind.LINE,
            1,
            () ->
                List.of("limit=5&cursor=b&at=2026-11-22T18:00:00Z&flag=true", "a=%20b+c&%C3%A9=1"),
            List.of("&", "=", "%", "%00", "%2", "+", "limit=", "at=", "%ff", "%C3", "-", "Z"),
            () -> Readers::query),
        new Reader(
            "routes",
            Kind.LINE,
            1,
            () ->
                List.of(
                    "/internal/accounts/user:42/balance?at=1",
                    "http://x/rules/a/revisions/1/activate",
                    "/health/live"),
            List.of(
                "/",
                "//",
                "..",
                "%2e",
                "%2F",
                "%00",
                "?",
                "#",
                "http://",
                "https://",
                ";",
                "*",
                "\u0000"),
            () -> Readers::line),
        new Reader("rules", Kind.RULE, 6, () -> Words.RULES, Words.RULE, Readers::rules),
        new Reader("events", Kind.JSON, 4, () -> List.of(event), Words.JSON, Readers::events),
        new Reader(
            "positions",
            Kind.LINE,
            1,
            () -> List.of(new StreamPosition(17, "user:42", 3).text(), StreamPosition.START.text()),
            List.of("A", "_", "-", "=", "MSAyIHg", "IA"),
            () -> Readers::position),
        new Reader("claims", Kind.TOKEN, 3, () -> List.of(claims), claimWords, SignedTexts::claims),
        new Reader(
            "tokens",
            Kind.TOKEN,
            2,
            () -> List.of(SignedTexts.signed(claims)),
            List.of(".", "..", "eyJhbGciOiJub25lIn0", "e30", "=", "-", "W10", "eyJhIjp7"),
            SignedTexts::tokens),
        new Reader(
            "addresses",
            Kind.LINE,
            1,
            () ->
                List.of(
                    "postgresql://joe:p%40ss@db:5433/points?sslmode=require",
                    "jdbc:postgresql://[::1]/x"),
            List.of(
                "@",
                ":",
                "/",
                "?",
                "&",
                "%",
                "%00",
                "%C3%A9",
                "\u00e9",
                "postgres://",
                "[",
                "]",
                "#",
                " "),
            () -> Readers::address),
        new Reader(
            "names",
            Kind.LINE,
            1,
            () -> List.of("user:42", "connect=credit,reverse; quest=debit"),
            List.of(":", "=", ";", ",", "issued:", "\u0000", "\n", " "),
            () -> Readers::name));
  }

  private static void json(byte[] text) {
    JsonNode value;
    try {
      value = StrictJson.parse(text);
    } catch (ProblemException e) {
      return;
    }
    JsonNode again = StrictJson.parse(value.toString().getBytes(StandardCharsets.UTF_8));
    if (!again.toString().equals(value.toString())) {
      throw new IllegalStateException("reads as another: " + value + " and " + again);
    }
  }

  private static void query(byte[] text) {
    try {
      Fields fields = Fields.ofQuery(new String(text, StandardCharsets.ISO_8859_1));
      fields.integerOr("limit", 1, 200, 50);
      fields.optionalText("cursor", TextRule.visibleAscii(1, 256));
      fields.optionalInstant("at");
      fields.optionalChoice("type", TimeUnit.class);
      fields.done();
    } catch (ProblemException e) {
      // It says no.
    }
  }

  private static void line(byte[] text) {
    try {
      var unused = RequestLines.isRoute(new String(text, StandardCharsets.ISO_8859_1));
    } catch (ProblemException e) {
      // It says no.
    }
  }

  private static Body rules() {
    RuleReader rules = new RuleReader(EventSchemas.shipped().types());
    return text -> rule(rules, new String(text, StandardCharsets.UTF_8));
  }

  /** A rule that is taken can be applied. */
  private static void rule(RuleReader rules, String text) {
    CheckedRule rule;
    try {
      rule = rules.read(text);
    } catch (RuleRefused e) {
      return;
    }
    Map<String, Object> data = new HashMap<>();
    data.putAll(Map.of("price", 1_000L, "partner_id", "p", "pro_spacer_ids", List.of("7", "8")));
    data.putAll(Map.of("booking_id", "b", "user_id", "1", "amount_paid", 5L, "points_paid", 1L));
    data.putAll(Map.of("voucher_id", "v", "quest_id", "q"));
    rule.apply(new points.connect.rules.Event("x", "x", rule.rule().event(), Instant.EPOCH, data));
  }

  private static Body events() {
    CloudEvents events =
        new CloudEvents(EventSchemas.shipped(), InstantSource.fixed(Instant.EPOCH));
    return text -> event(events, text);
  }

  /** An event that is taken can be taken again, from what is kept of it. */
  private static void event(CloudEvents events, byte[] text) {
    IncomingEvent event;
    try {
      event = events.structured(StrictJson.parseObject(text), "");
    } catch (ProblemException e) {
      return;
    }
    ObjectNode kept = StrictJson.parseObject(event.body().getBytes(StandardCharsets.UTF_8));
    String body = events.again(kept, event.time()).body();
    if (!body.equals(event.body())) {
      throw new IllegalStateException("reads as another: " + event.body() + " and " + body);
    }
  }

  private static void position(byte[] text) {
    try {
      StreamPosition position = StreamPosition.of(new String(text, StandardCharsets.ISO_8859_1));
      if (!StreamPosition.of(position.text()).equals(position)) {
        throw new IllegalStateException("reads as another: " + position);
      }
    } catch (IllegalArgumentException e) {
      // It says no.
    }
  }

  private static void address(byte[] text) {
    DatabaseUrl address = DatabaseUrl.parse(new String(text, StandardCharsets.UTF_8));
    if (address != null && address.toString().isEmpty()) {
      throw new IllegalStateException("taken, and says nothing");
    }
  }

  private static void name(byte[] text) {
    String name = new String(text, StandardCharsets.UTF_8);
    var unused = Policy.parse(name);
    try {
      if (!new AccountId(name).name().equals(name)) {
        throw new IllegalStateException("reads as another");
      }
    } catch (IllegalArgumentException e) {
      // It says no.
    }
  }
}
