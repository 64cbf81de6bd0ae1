package points.trials.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** What can be done with bytes and connections, against every service, while others use it. */
final class Bytes implements Trial {
  private static final long P99_MICROS_MAX = 2_000_000;
  private static final long HEAP_GROWTH_MAX = 48L << 20;
  private static final int HEALING_SECONDS = 20;
  private static final int DRIPS = 15;

  @Override
  public String name() {
    return "hostile-wire";
  }

  @Override
  public String promise() {
    return "no bytes and no connections keep a service from those who behave well";
  }

  /** It measures how long others wait and what is left in memory. */
  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    Map<String, String> settings =
        Map.of(
            "http.header_time", Assault.HEADER_MILLIS + "ms",
            "http.body_time", Assault.BODY_MILLIS + "ms",
            "http.idle_time", Assault.IDLE_MILLIS + "ms",
            "http.connections", Integer.toString(Assault.CONNECTIONS),
            "http.access_log", "none");
    try (AllServices services = AllServices.start(stage, settings)) {
      Siege siege = new Siege(stage, services);
      siege.lay(stage.scale().of(8, 30, 180));
      return new Verdict.Held(siege.figures());
    }
  }

  private static final class Siege {
    private final Stage stage;
    private final AllServices services;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean calm = new AtomicBoolean();
    private final List<Caller> callers = new ArrayList<>();
    private final List<Assault> assaults = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Long> figures = new LinkedHashMap<>();
    private long liveBefore;

    Siege(Stage stage, AllServices services) {
      this.stage = stage;
      this.services = services;
    }

    void lay(int seconds) throws IOException, InterruptedException {
      liveBefore = services.liveBytes();
      Map<Target, Gauges> before = gauges();
      List<Thread> good = new ArrayList<>();
      for (Target target : Target.values()) {
        good.add(Thread.ofPlatform().start(callerOf(target)));
      }
      List<Thread> bad = new ArrayList<>();
      for (Target target : Target.values()) {
        bad.addAll(assault(target));
      }
      TimeUnit.SECONDS.sleep(seconds);
      stop.set(true);
      join(bad);
      calm.set(true);
      join(good);
      judge(before);
      if (!faults.isEmpty()) {
        throw new AssertionError(faults.size() + " faults:\n" + String.join("\n", faults));
      }
    }

    private Caller callerOf(Target target) {
      String source = target == Target.POINTS ? "connect" : "admin";
      Request reading = Caller.reading(target, services.key(source));
      Caller caller = new Caller(target, services.port(target), reading, calm);
      callers.add(caller);
      return caller;
    }

    private List<Thread> assault(Target target) {
      String source =
          switch (target) {
            case POINTS, CONNECT -> "quest";
            default -> "admin";
          };
      Assault assault = new Assault(target, services.port(target), services.key(source), stop);
      assaults.add(assault);
      List<Runnable> deeds =
          new ArrayList<>(
              List.of(
                  assault::misformAndFlood, assault::leave, assault::pipeline, assault::doNotRead));
      for (int i = 0; i < DRIPS; i++) {
        deeds.addAll(List.of(assault::dripHeaders, assault::dripBody, assault::sayNothing));
      }
      return deeds.stream().map(Thread.ofVirtual()::start).toList();
    }

    private static void join(List<Thread> threads) throws InterruptedException {
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private Map<Target, Gauges> gauges() throws IOException {
      Map<Target, Gauges> all = new EnumMap<>(Target.class);
      for (Target target : Target.values()) {
        all.put(target, Gauges.of(services.port(target)));
      }
      return all;
    }

    private void judge(Map<Target, Gauges> before) throws IOException, InterruptedException {
      List<Long> micros = new ArrayList<>();
      callers.forEach(caller -> micros.addAll(caller.micros()));
      callers.forEach(caller -> faults.addAll(caller.faults()));
      assaults.forEach(assault -> faults.addAll(assault.faults()));
      micros.sort(null);
      long p99 = micros.isEmpty() ? Long.MAX_VALUE : micros.get(micros.size() * 99 / 100);
      if (p99 > P99_MICROS_MAX) {
        faults.add("99 of 100 good calls took up to " + p99 / 1_000 + " ms");
      }
      figures.put("hostile connections", assaults.stream().mapToLong(Assault::connections).sum());
      figures.put("good calls", (long) micros.size());
      figures.put("their p99 in ms", p99 / 1_000);
      figures.put("their slowest in ms", micros.isEmpty() ? 0 : micros.getLast() / 1_000);
      long start = System.nanoTime();
      List<String> lasting = lasting(before);
      while (!lasting.isEmpty() && System.nanoTime() - start < HEALING_SECONDS * 1_000_000_000L) {
        TimeUnit.MILLISECONDS.sleep(500);
        lasting = lasting(before);
      }
      faults.addAll(lasting);
      figures.put("normal again after ms", (System.nanoTime() - start) / 1_000_000);
      stage.say("%s", figures);
    }

    /** What is not as it was. */
    private List<String> lasting(Map<Target, Gauges> before) throws IOException {
      List<String> lasting = new ArrayList<>();
      Map<Target, Gauges> now = gauges();
      now.forEach(
          (target, is) -> {
            Gauges was = java.util.Objects.requireNonNull(before.get(target));
            if (is.connections() > was.connections() + 1
                || is.inFlight() > was.inFlight()
                || is.directBytes() > was.directBytes() + HEAP_GROWTH_MAX) {
              lasting.add("%s: %s, and was %s".formatted(target, is, was));
            }
          });
      long live = services.liveBytes();
      if (live > liveBefore + HEAP_GROWTH_MAX) {
        lasting.add("%,d bytes are in use, and %,d were".formatted(live, liveBefore));
      }
      return lasting;
    }

    Map<String, Long> figures() {
      return figures;
    }
  }
}
