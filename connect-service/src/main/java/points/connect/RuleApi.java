package points.connect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import points.connect.postgres.RuleStore;
import points.connect.rules.CheckedRule;
import points.connect.rules.Rule;
import points.connect.rules.RuleBook;
import points.connect.rules.RuleReader;
import points.connect.rules.RuleRefused;
import points.kit.Answer;
import points.kit.Call;
import points.kit.Fields;
import points.kit.Http;
import points.kit.Problem;
import points.kit.ProblemException;
import points.kit.TextRule;

/** {@code /rules}: saved by one person, put into force by another. */
final class RuleApi {
  /** Holds a rule of the greatest length, also where every character of it is escaped. */
  private static final int BYTES_MAX = 512 * 1024;

  static final Http.Body JSON_BODY = new Http.Body(BYTES_MAX, Set.of("application/json"));
  static final TextRule YAML = TextRule.anything(1, 64 * 1024);
  private static final TextRule NAME =
      TextRule.matching("[a-z0-9][a-z0-9._-]{0,63}", 64, "1 to 64 of [a-z0-9._-]");
  private static final TextRule NUMBER = TextRule.matching("[1-9][0-9]{0,8}", 9, "a number");
  private static final String YAML_TYPE = "application/yaml";
  private static final Set<String> MEDIA_TYPES = Set.of("application/json", YAML_TYPE);

  private final RuleStore rules;
  private final RuleReader reader;
  private final InstantSource clock;

  RuleApi(RuleStore rules, RuleReader reader, InstantSource clock) {
    this.rules = rules;
    this.reader = reader;
    this.clock = clock;
  }

  void mount(Routes routes) {
    routes.read("/rules", this::list);
    routes.read("/rules/{name}", this::one);
    routes.act("PUT", "/rules/{name}", new Http.Body(BYTES_MAX, MEDIA_TYPES), this::save);
    routes.read("/rules/{name}/revisions/{n}", this::revision);
    routes.act("POST", "/rules/{name}/revisions/{n}/activate", this::activate);
  }

  private Answer list(Call call) {
    call.query().done();
    RuleBook book = rules.book();
    Instant now = clock.instant();
    ObjectNode body = Routes.object();
    ArrayNode all = body.putArray("rules");
    for (RuleStore.Revision newest : rules.newest().values()) {
      ObjectNode one = all.addObject();
      one.put("name", newest.rule()).put("newest_revision", newest.revision());
      RuleBook.Activation active = book.inForceOf(newest.rule(), now);
      if (active != null) {
        one.put("revision_in_force", active.revision());
      }
      // Of what is not in force, what the newest revision says.
      Rule rule = active == null ? rules.rule(newest) : active.rule().rule();
      if (rule != null) {
        one.put("event", rule.event()).put("description", rule.description());
      }
    }
    return Routes.ok(body);
  }

  private Answer one(Call call) {
    String name = call.path("name", NAME);
    call.query().done();
    List<RuleStore.Revision> revisions = rules.revisions(name);
    if (revisions.isEmpty()) {
      throw Routes.notFound("rule " + name);
    }
    ObjectNode body = Routes.object();
    body.put("name", name);
    body.put("newest_revision", revisions.getLast().revision());
    RuleBook.Activation active = rules.book().inForceOf(name, clock.instant());
    if (active != null) {
      body.put("revision_in_force", active.revision());
    }
    body.put("yaml", revisions.getLast().yaml());
    ArrayNode all = body.putArray("revisions");
    revisions.forEach(revision -> all.add(head(revision)));
    ArrayNode activations = body.putArray("activations");
    rules.activations(name).forEach(activation -> activations.add(body(activation)));
    return Routes.ok(body);
  }

  private Answer revision(Call call) {
    call.query().done();
    return Routes.ok(body(get(call)));
  }

  private RuleStore.Revision get(Call call) {
    String name = call.path("name", NAME);
    int number = Integer.parseInt(call.path("n", NUMBER));
    RuleStore.Revision revision = rules.revision(name, number);
    if (revision == null) {
      throw Routes.notFound("revision " + number + " of a rule " + name);
    }
    return revision;
  }

  private Answer save(Call call) {
    String name = call.path("name", NAME);
    call.query().done();
    String yaml = yaml(call);
    Set<String> names = rules.newest().keySet();
    CheckedRule rule = read(reader, yaml, names::contains);
    if (!rule.rule().name().equals(name)) {
      throw ProblemException.invalid("name", "of the rule must be the one of the path, " + name);
    }
    RuleStore.Saved saved = rules.save(name, yaml, call.caller().subject());
    return Answer.json(saved.isNew() ? 201 : 200, body(saved.revision()));
  }

  private static String yaml(Call call) {
    String type = String.valueOf(call.header("Content-Type")).split(";", 2)[0].strip();
    if (type.toLowerCase(Locale.ROOT).equals(YAML_TYPE)) {
      return text(call.body().getBytes());
    }
    Fields fields = call.json();
    String yaml = fields.text("yaml", YAML);
    fields.done();
    return yaml;
  }

  private static String text(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (YAML.accepts(text)) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // said below
    }
    throw ProblemException.invalid("body", "must be UTF-8 text, " + YAML.expected());
  }

  /** A rule, or an answer that says where it is wrong. */
  static CheckedRule read(RuleReader reader, String yaml) {
    return read(reader, yaml, name -> true);
  }

  private static CheckedRule read(RuleReader reader, String yaml, Predicate<String> isRule) {
    try {
      return reader.read(yaml, isRule);
    } catch (RuleRefused e) {
      throw refused(e);
    }
  }

  private static ProblemException refused(RuleRefused e) {
    return new ProblemException(
        Problem.of(ConnectError.RULE_REFUSED, String.valueOf(e.getMessage()))
            .with("mistakes", e.mistakes()));
  }

  private RuleStore.Activated activated(
      RuleStore.Revision revision, String by, @Nullable Instant from) {
    try {
      return rules.activate(revision, by, from);
    } catch (RuleRefused e) {
      throw refused(e);
    }
  }

  private Answer activate(Call call) {
    RuleStore.Revision revision = get(call);
    call.query().done();
    Fields fields = call.json();
    Instant from = fields.optionalInstant("from");
    fields.done();
    String by = call.caller().subject();
    if (by.equals(revision.author())) {
      throw new ProblemException(
          ConnectError.FOUR_EYES,
          by + " wrote this revision: somebody else has to put it into force.");
    }
    return Answer.json(201, body(activated(revision, by, from)));
  }

  private static ObjectNode head(RuleStore.Revision revision) {
    ObjectNode body = Routes.object();
    body.put("revision", revision.revision());
    body.put("author", revision.author());
    Routes.put(body, "created_at", revision.createdAt());
    return body;
  }

  private static ObjectNode body(RuleStore.Revision revision) {
    return Routes.object()
        .put("rule", revision.rule())
        .<ObjectNode>setAll(head(revision))
        .put("yaml", revision.yaml());
  }

  private static ObjectNode body(RuleStore.Activated activation) {
    ObjectNode body = Routes.object();
    body.put("activation_id", activation.id());
    body.put("rule", activation.rule());
    body.put("revision", activation.revision());
    Routes.put(body, "from", activation.from());
    body.put("activated_by", activation.by());
    Routes.put(body, "activated_at", activation.activatedAt());
    return body;
  }
}
