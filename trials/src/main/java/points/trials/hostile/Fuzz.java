package points.trials.hostile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;
import points.service.Verification;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** Calls made out of the contracts and spoilt, against every service at once. */
final class Fuzz implements Trial {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECTIONS_EACH = 3;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int FAULTS_MAX = 20;

  @Override
  public String name() {
    return "hostile-fuzz";
  }

  @Override
  public String promise() {
    return "whatever is sent, the answer is one of the contract's, and nothing else happens";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int calls = stage.scale().of(30_000, 100_000, 500_000);
    try (AllServices services = AllServices.start(stage, Map.of())) {
      Round round = new Round(stage, services, calls);
      round.play();
      return new Verdict.Held(round.figures());
    }
  }

  /** One service's share of it. */
  private record Share(Target target, Seen seen) {}

  private static final class Round {
    private final Stage stage;
    private final AllServices services;
    private final int calls;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicLong spoilt = new AtomicLong();
    private final LongAccumulator slowestMicros = new LongAccumulator(Math::max, 0);
    private final Map<Integer, AtomicLong> statuses = new ConcurrentSkipListMap<>();
    private final Effects effects = new Effects();
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private long rate;

    Round(Stage stage, AllServices services, int calls) {
      this.stage = stage;
      this.services = services;
      this.calls = calls;
    }

    void play() throws Exception {
      effects.begin(services);
      List<Thread> threads = new ArrayList<>();
      Map<Target, Share> shares = new EnumMap<>(Target.class);
      SplittableRandom random = stage.random();
      for (Target target : Target.values()) {
        shares.put(target, new Share(target, new Seen()));
        for (int i = 0; i < CONNECTIONS_EACH; i++) {
          SplittableRandom own = random.split();
          Share share = shares.get(target);
          threads.add(Thread.ofPlatform().unstarted(() -> attack(share, own)));
        }
      }
      long start = System.nanoTime();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      rate = calls * 1_000_000_000L / Math.max(1, System.nanoTime() - start);
      stage.say("%,d calls, %,d a second: %s", calls, rate, new TreeMap<>(statuses));
      afterwards();
      if (!faults.isEmpty()) {
        throw new AssertionError(faults.size() + " faults:\n" + String.join("\n\n", faults));
      }
    }

    private void attack(Share share, SplittableRandom random) {
      Peer peer = null;
      try {
        Calls made = new Calls(share.target(), random, share.seen(), services::key);
        Mutations mutations = new Mutations(random);
        while (begun.getAndIncrement() < calls && faults.size() < FAULTS_MAX) {
          Request request = made.next();
          // Half of them are right, so that the others meet services in which something happens.
          for (int more = random.nextInt(6); more >= 3; more -= 2) {
            request = mutations.mutate(request);
            spoilt.incrementAndGet();
          }
          peer = send(share, request, peer);
        }
      } finally {
        if (peer != null) {
          peer.close();
        }
      }
    }

    private @Nullable Peer send(Share share, Request request, @Nullable Peer open) {
      long start = System.nanoTime();
      try {
        Peer peer = open == null ? new Peer(services.port(share.target()), PATIENCE_MILLIS) : open;
        Peer.Reply reply = peer.send(request.bytes()).read(request.method());
        slowestMicros.accumulate((System.nanoTime() - start) / 1_000);
        judge(share, request, reply);
        if (!reply.isLast()) {
          return peer;
        }
        peer.close();
      } catch (IOException e) {
        faults.add(share.target() + " has no answer: " + e + "\n  to " + request);
        if (open != null) {
          open.close();
        }
      }
      return null;
    }

    private void judge(Share share, Request request, Peer.Reply reply) {
      statuses.computeIfAbsent(reply.status(), s -> new AtomicLong()).incrementAndGet();
      JsonNode answer = json(reply);
      effects.note(share.target(), request.method(), reply.status(), answer);
      share.seen().keep(answer);
      for (String fault : Judge.faults(share.target(), request, reply)) {
        String body = reply.body();
        faults.add(
            "%s: %s\n  %d to %s\n  %s"
                .formatted(
                    share.target(),
                    fault,
                    reply.status(),
                    request,
                    body.substring(0, Math.min(500, body.length()))));
      }
    }

    private static JsonNode json(Peer.Reply reply) {
      try {
        boolean isJson = reply.header("Content-Type").endsWith("json");
        return isJson && !reply.body().isEmpty()
            ? JSON.readTree(reply.body())
            : MissingNode.getInstance();
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance(); // which the judge has something to say about
      }
    }

    private void afterwards() throws Exception {
      for (Target target : Target.values()) {
        try (Peer peer = new Peer(services.port(target), PATIENCE_MILLIS)) {
          peer.send("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n");
          Peer.Reply reply = peer.read("GET");
          if (reply.status() != 200) {
            faults.add(target + " is not ready: " + reply);
          }
        }
      }
      faults.addAll(effects.differences(services));
      Verification.Summary books =
          Verification.run(services.databaseUrl(), (accounts, transactions) -> {});
      faults.addAll(books.findings());
      stage.say(
          "%,d accounts with %,d transactions verified", books.accounts(), books.transactions());
    }

    Map<String, Long> figures() {
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("calls", (long) calls);
      figures.put("mutations", spoilt.get());
      figures.put("calls a second", rate);
      figures.put("effects", effects.count());
      figures.put("slowest answer in ms", slowestMicros.get() / 1_000);
      return figures;
    }
  }
}
