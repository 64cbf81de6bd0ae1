package points.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs the scenarios, interleaved with the baseline in rounds. Used by one thread. */
final class Bench implements AutoCloseable {
  /**
   * How much to do.
   *
   * @param warmUp how long a scenario runs before it is measured
   * @param time how long it is measured, in each round
   * @param accounts over how many accounts credits are spread
   */
  record Size(Duration warmUp, Duration time, int accounts) {}

  /** How many connections saturate the service. */
  static final int PEAK_CONNECTIONS = 256;

  private static final int EVENT_CONNECTIONS = 16;
  private static final Duration CREDITED_TIME_MAX = Duration.ofMinutes(2);
  private static final long FUNDS = 1_000_000_000;

  private final Subject subject;
  private final Pgbench baseline;
  private final Size size;
  private final HttpClient http = HttpClient.newHttpClient();
  private final InetSocketAddress address;
  private final String connect;
  private final String quest;
  private final Consumer<String> progress;
  private long seed = System.nanoTime();
  private int funded;
  private int baselineClients = 32;

  Bench(Subject subject, Pgbench baseline, Size size, Consumer<String> progress)
      throws IOException {
    this.progress = progress;
    this.subject = subject;
    this.size = size;
    this.baseline = baseline;
    this.address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), subject.address().getPort());
    this.connect = subject.key("connect");
    this.quest = subject.key("quest");
  }

  /** The client count at which the baseline is fastest; it is used from then on. */
  List<Measured> findBestBaseline(List<Integer> counts, Duration time) throws IOException {
    List<Measured> all = new ArrayList<>();
    double best = 0;
    for (int clients : counts) {
      Measured measured = baseline(clients, time);
      all.add(measured);
      if (measured.perSecond() > best) {
        best = measured.perSecond();
        baselineClients = clients;
      }
    }
    return all;
  }

  /** The baseline at its best. */
  Measured baseline() throws IOException {
    return baseline(baselineClients, size.time());
  }

  private Measured baseline(int clients, Duration time) throws IOException {
    Meter meter = new Meter(subject, http);
    meter.begin();
    Pgbench.Result result = baseline.run(clients, size.accounts(), time);
    meter.end();
    return meter.of(Names.baseline(clients), result, time);
  }

  /** Credits, each a request of its own. */
  Measured credits(int connections) throws IOException {
    return closed(Names.credits(connections), connections, creditTraffic(size.accounts()));
  }

  /** The same, all of them on one account. */
  Measured hotAccount() throws IOException {
    return closed(Names.HOT, PEAK_CONNECTIONS, creditTraffic(1));
  }

  /** Credits by the hundred. */
  Measured batches() throws IOException {
    return closed(Names.BATCHES, 16, new BatchTraffic(connect, 100, size.accounts(), seed++));
  }

  /** Everything at once; its accounts have been given points before. */
  Measured mix() throws IOException {
    return closed(Names.MIX, PEAK_CONNECTIONS, new MixTraffic(connect, quest, funded, seed++));
  }

  /**
   * Events by the hundred to Connect, until all of them are credited in Points: the throughput is
   * that of the whole way.
   */
  Measured events() throws IOException {
    Meter meter = new Meter(subject, http);
    EventTraffic traffic = new EventTraffic(quest, 100, size.accounts(), seed++);
    InetSocketAddress to =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), subject.connect().getPort());
    double before = meter.sentByConnect();
    meter.begin();
    long begin = System.nanoTime();
    LoadResult load =
        Load.run(
            to,
            Load.Plan.closed(EVENT_CONNECTIONS, Duration.ZERO, size.time()),
            traffic,
            Load.Phases.NONE);
    awaitSent(meter, before + traffic.accepted());
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    meter.end();
    return meter.of(
        Names.EVENTS,
        new LoadResult(traffic.accepted(), load.refused(), load.failed(), time, load.latencies()));
  }

  private static void awaitSent(Meter meter, double wanted) throws IOException {
    long giveUpAt = System.nanoTime() + CREDITED_TIME_MAX.toNanos();
    while (meter.sentByConnect() < wanted) {
      if (System.nanoTime() > giveUpAt) {
        throw new IOException("events are not credited within " + CREDITED_TIME_MAX);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** Gives points to the accounts that the mix spends from. */
  void fund(int accounts) throws IOException {
    fill(new FillTraffic(connect, 1_000, accounts, FUNDS, accounts, seed++), accounts);
    funded = accounts;
  }

  /** Makes so many transactions on so many accounts, and says how far it is. */
  void preload(long transactions, int accounts) throws IOException {
    long done = 0;
    while (done < transactions) {
      long part = Math.min(transactions / 10, transactions - done);
      fill(new FillTraffic(connect, 1_000, accounts, 10, part, seed++), part);
      done += part;
      progress.accept("  preloaded " + done + " of " + transactions + " transactions");
    }
  }

  private void fill(FillTraffic traffic, long operations) throws IOException {
    Load.Plan plan = Load.Plan.closed(3, Duration.ZERO, Duration.ofHours(1));
    Load.run(address, plan, traffic, Load.Phases.NONE);
    if (traffic.made() != operations) {
      throw new IOException("only " + traffic.made() + " of " + operations + " credits were made");
    }
  }

  /** Credits at a given rate, whatever becomes of them. */
  Measured steady(double perSecond) throws IOException {
    Load.Plan plan = Load.Plan.open(PEAK_CONNECTIONS, size.warmUp(), size.time(), perSecond);
    return run(Names.HALF, plan, creditTraffic(size.accounts()));
  }

  /**
   * Five times the callers that saturate the service, each of whom comes again a second after it
   * was refused, as Retry-After says.
   */
  Measured overload() throws IOException {
    Load.Plan plan =
        new Load.Plan(5 * PEAK_CONNECTIONS, size.warmUp(), size.time(), 0, Duration.ofSeconds(1));
    return run(Names.OVERLOAD, plan, creditTraffic(size.accounts()));
  }

  private Traffic creditTraffic(int accounts) {
    return new CreditTraffic(connect, accounts, seed++);
  }

  private Measured closed(String scenario, int connections, Traffic traffic) throws IOException {
    return run(scenario, Load.Plan.closed(connections, size.warmUp(), size.time()), traffic);
  }

  private Measured run(String scenario, Load.Plan plan, Traffic traffic) throws IOException {
    Meter meter = new Meter(subject, http);
    LoadResult result = Load.run(address, plan, traffic, meter);
    return meter.of(scenario, result);
  }

  @Override
  public void close() {
    http.close();
  }
}
