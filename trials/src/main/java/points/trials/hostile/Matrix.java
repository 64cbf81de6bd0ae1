package points.trials.hostile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import points.kit.TestProvider;
import points.service.contract.Operation;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** Every operation of every service with every credential. */
final class Matrix implements Trial {
  @Override
  public String name() {
    return "hostile-tokens";
  }

  @Override
  public String promise() {
    return "only what the policy lists passes, and who is refused has done nothing";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    RSAKey key = Tokens.newKey();
    try (TestProvider provider = new TestProvider(key.toPublicJWK());
        AllServices services =
            AllServices.start(
                stage, Map.of("auth.jwt.issuer", provider.issuer(), "http.access_log", "none"))) {
      Tokens tokens = new Tokens(provider.issuer(), key);
      Tries tries = new Tries(stage, services);
      tries.prepare();
      List<Credential> credentials = new ArrayList<>(tries.keys());
      credentials.addAll(tokens.all());
      return new Verdict.Held(tries.run(credentials, tokens));
    }
  }

  /** One field of the matrix. */
  private record Try(Target target, Operation operation, Request request, Credential credential) {
    int refusal() {
      return credential.refusal(target, operation.permission());
    }
  }

  private static final class Tries {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECTIONS = 32;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int STOCK = 60;
    private static final int REVOKED_SECONDS = 20;
    private static final int FAULTS_MAX = 20;

    /** What changes by itself, or by being asked. */
    private static final String TABLES =
        """
        SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema IN ('points', 'connect', 'referral', 'quest', 'voucher', 'rielt')
          AND table_type = 'BASE TABLE'
          AND table_name NOT IN ('scheduled_tasks', 'api_key', 'flyway_schema_history')
        """;

    private final Stage stage;
    private final AllServices services;
    private final SplittableRandom random;
    private final Map<Target, Calls> calls = new EnumMap<>(Target.class);
    private final Map<Target, Seen> seen = new EnumMap<>(Target.class);
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final String revoked = "pk_connect_" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    Tries(Stage stage, AllServices services) {
      this.stage = stage;
      this.services = services;
      random = stage.random();
      for (Target target : Target.values()) {
        seen.put(target, new Seen());
        calls.put(target, new Calls(target, random, seenBy(target), services::key));
      }
    }

    private Seen seenBy(Target target) {
      return Objects.requireNonNull(seen.get(target));
    }

    private Calls callsOf(Target target) {
      return Objects.requireNonNull(calls.get(target));
    }

    /** Something to take away, and a key that was good once. */
    void prepare() throws IOException, SQLException, InterruptedException {
      for (Target target : Target.values()) {
        try (Peer peer = new Peer(services.port(target), PATIENCE_MILLIS)) {
          for (int i = 0; i < STOCK; i++) {
            Request request = callsOf(target).next();
            if (!request.method().equals("HEAD")) {
              seenBy(target).keep(json(peer.send(request.bytes()).read(request.method())));
            }
          }
        }
      }
      try (Connection database = services.database()) {
        for (Target target : Target.values()) {
          execute(
              database,
              "INSERT INTO %s.api_key (key_hash, source) VALUES (sha256(convert_to(?, 'UTF8')), 'connect')"
                  .formatted(target.schema()));
          await(target, 401, false);
        }
        for (Target target : Target.values()) {
          execute(
              database,
              "UPDATE %s.api_key SET revoked_at = now() WHERE key_hash = sha256(convert_to(?, 'UTF8'))"
                  .formatted(target.schema()));
        }
      }
      for (Target target : Target.values()) {
        await(target, 401, true);
      }
    }

    private void execute(Connection database, String sql) throws SQLException {
      try (PreparedStatement statement = database.prepareStatement(sql)) {
        statement.setString(1, revoked);
        statement.executeUpdate();
      }
    }

    /** Waits until the key is known, or is not any more. */
    private void await(Target target, int status, boolean wanted)
        throws IOException, InterruptedException {
      Request request = Caller.reading(target, revoked);
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(REVOKED_SECONDS);
      while ((status(target, request) == status) != wanted) {
        if (System.nanoTime() > giveUp) {
          throw new AssertionError(
              target + (wanted ? ": a revoked key is still good" : ": a new key is not good"));
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }

    private int status(Target target, Request request) throws IOException {
      try (Peer peer = new Peer(services.port(target), PATIENCE_MILLIS)) {
        return peer.send(request.bytes()).read(request.method()).status();
      }
    }

    /** The keys, and what is none. */
    List<Credential> keys() {
      List<Credential> all = new ArrayList<>();
      for (String source : Target.SOURCES) {
        String key = services.key(source);
        all.add(Credential.good("key of " + source, key, t -> t.granted(source)));
      }
      String admin = services.key("admin");
      all.add(new Credential("none", null, null));
      all.add(Credential.bad("revoked", revoked));
      all.add(Credential.bad("garbage", "garbage"));
      all.add(Credential.bad("dots", "a.b.c"));
      all.add(Credential.bad("long", "x".repeat(7_000)));
      all.add(Credential.bad("nothing", ""));
      all.add(Credential.bad("a key of nobody", "pk_admin_" + "A".repeat(43)));
      all.add(Credential.bad("a longer key", admin + "A"));
      all.add(Credential.bad("a key and another", admin + ", Bearer " + admin));
      all.add(new Credential("another scheme", "Basic " + admin, null));
      all.add(new Credential("no scheme", admin, null));
      all.add(new Credential("no space", "Bearer" + admin, null));
      return all;
    }

    Map<String, Long> run(List<Credential> credentials, Tokens tokens) throws Exception {
      Map<Boolean, List<Try>> tries = tries(credentials);
      List<Try> refused = tries.getOrDefault(true, List.of());
      List<Try> permitted = tries.getOrDefault(false, List.of());
      TimeUnit.SECONDS.sleep(1); // for what was asked for before
      Map<String, String> before = contents();
      long start = System.nanoTime();
      all(refused);
      compare(before, contents());
      all(permitted);
      long rate =
          (refused.size() + permitted.size())
              * 1_000_000_000L
              / Math.max(1, System.nanoTime() - start);
      ownDataOnly(tokens);
      if (!faults.isEmpty()) {
        throw new AssertionError(faults.size() + " faults:\n" + String.join("\n", faults));
      }
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("credentials", (long) credentials.size());
      figures.put("calls refused", (long) refused.size());
      figures.put("calls permitted", (long) permitted.size());
      figures.put("calls a second", rate);
      return figures;
    }

    private Map<Boolean, List<Try>> tries(List<Credential> credentials) {
      Map<Boolean, List<Try>> tries = new TreeMap<>();
      for (Target target : Target.values()) {
        for (Operation operation : target.api().operations()) {
          for (Credential credential : credentials) {
            String source =
                Target.SOURCES.stream()
                    .filter(s -> credential.name().endsWith(" " + s))
                    .findFirst()
                    .orElse("quest");
            Request request = callsOf(target).of(operation, source);
            String header = credential.header();
            Try one =
                new Try(
                    target,
                    operation,
                    header == null ? request : request.withHeader("Authorization", header),
                    credential);
            tries.computeIfAbsent(one.refusal() > 0, r -> new ArrayList<>()).add(one);
          }
        }
      }
      return tries;
    }

    private void all(List<Try> tries) throws InterruptedException {
      Map<Target, Queue<Try>> waiting = new EnumMap<>(Target.class);
      for (Try one : tries) {
        waiting.computeIfAbsent(one.target(), t -> new ConcurrentLinkedQueue<>()).add(one);
      }
      List<Thread> threads = new ArrayList<>();
      waiting.forEach(
          (target, queue) -> {
            for (int i = 0; i < Math.max(1, CONNECTIONS / waiting.size()); i++) {
              threads.add(Thread.ofVirtual().start(() -> work(target, queue)));
            }
          });
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private void work(Target target, Queue<Try> waiting) {
      Peer peer = null;
      for (Try one = waiting.poll();
          one != null && faults.size() < FAULTS_MAX;
          one = waiting.poll()) {
        peer = attempt(target, one, peer);
      }
      if (peer != null) {
        peer.close();
      }
    }

    private @Nullable Peer attempt(Target target, Try one, @Nullable Peer open) {
      try {
        Peer peer = open == null ? new Peer(services.port(target), PATIENCE_MILLIS) : open;
        Peer.Reply reply = peer.send(one.request().bytes()).read(one.request().method());
        judge(one, reply);
        if (!reply.isLast()) {
          return peer;
        }
        peer.close();
      } catch (IOException e) {
        faults.add("%s with %s: %s".formatted(one.request(), one.credential().name(), e));
        if (open != null) {
          open.close();
        }
      }
      return null;
    }

    private void judge(Try one, Peer.Reply reply) {
      int due = one.refusal();
      String code = json(reply).path("code").asText("");
      // Who may publish may do so about their own affairs only, which the permission cannot say.
      boolean isForeign =
          one.operation().id().equals("publish") && reply.body().contains(" only, not ");
      boolean isRefused =
          reply.status() == 401 || (code.equals("operation_not_allowed") && !isForeign);
      boolean isFault = reply.status() >= 500 && reply.header("Retry-After").isEmpty();
      boolean isRight =
          one.request().path().startsWith("/sandbox/")
              ? reply.status() == 404 // there is no sandbox here, for nobody
              : due == 0
                  ? !isRefused && !isFault
                  : reply.status() == due
                      && code.equals(due == 401 ? "unauthenticated" : "operation_not_allowed")
                      && (due == 403 || !reply.header("WWW-Authenticate").isEmpty());
      if (!isRight) {
        faults.add(
            "%s %s with %s: %s was due, not %d %s"
                .formatted(
                    one.target(),
                    one.operation(),
                    one.credential().name(),
                    due == 0 ? "passing" : Integer.toString(due),
                    reply.status(),
                    reply.body().substring(0, Math.min(300, reply.body().length()))));
      }
    }

    /** A member's token shows what is theirs, whatever else is asked for. */
    private void ownDataOnly(Tokens tokens) throws Exception {
      for (String member : List.of("1", "2", "nobody")) {
        String token = "Bearer " + tokens.member(member);
        for (String query : List.of("", "?account=user:3", "?sub=3")) {
          Request request =
              new Request("GET", "/v1/me/balance" + query, Map.of("Authorization", token), null);
          try (Peer peer = new Peer(services.port(Target.POINTS), PATIENCE_MILLIS)) {
            Peer.Reply reply = peer.send(request.bytes()).read("GET");
            boolean isRight =
                query.isEmpty()
                    ? json(reply).path("account").asText().equals("user:" + member)
                    : reply.status() == 400;
            if (!isRight) {
              faults.add("member " + member + " sees" + query + ": " + reply.body());
            }
          }
        }
      }
    }

    private static JsonNode json(Peer.Reply reply) {
      try {
        return reply.header("Content-Type").endsWith("json") && !reply.body().isEmpty()
            ? JSON.readTree(reply.body())
            : MissingNode.getInstance();
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }

    private void compare(Map<String, String> before, Map<String, String> after) {
      stage.say("%d tables compared", after.size());
      after.forEach(
          (table, hash) -> {
            if (!hash.equals(before.get(table))) {
              faults.add("refused calls have changed " + table);
            }
          });
    }

    /** The contents of every table, as a hash each. */
    private Map<String, String> contents() throws SQLException, IOException {
      Map<String, String> contents = new TreeMap<>();
      try (Connection database = services.database();
          Statement statement = database.createStatement()) {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(TABLES)) {
          while (rows.next()) {
            tables.add(rows.getString(1));
          }
        }
        for (String table : tables) {
          try (ResultSet rows =
              statement.executeQuery(
                  "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM "
                      + table
                      + " t")) {
            rows.next();
            contents.put(table, rows.getString(1));
          }
        }
      }
      return contents;
    }
  }
}
