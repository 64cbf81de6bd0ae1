package points.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;

/** Connect and Points are killed at random under load: every event is credited, none twice. */
class KillTest {
  private static final int CALLERS = 4;
  private static final int KILLS = Integer.getInteger("points.connect.kills", 3);
  private static final String SECRET = "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

  private final String pointsUrl = TestPostgres.shared().newDatabase();
  private final String connectUrl = TestPostgres.shared().newDatabase();
  private final AtomicLong published = new AtomicLong();

  @Test
  void everyEventIsCreditedOnceWhicheverDiesWhen() throws InterruptedException, ExecutionException {
    long seed = Long.getLong("points.connect.seed", System.nanoTime());
    System.out.println("KillTest: -Dpoints.connect.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (ServiceProcess points =
            ServiceProcess.start("points.service.Main", "database.url=" + pointsUrl);
        ServiceProcess connect =
            ServiceProcess.start(
                "points.connect.Main",
                "database.url=" + connectUrl,
                "points.url=" + points.url(),
                "points.key=pk_connect" + SECRET,
                "dispatch.backoff_max=500ms",
                "dispatch.deadline=3s",
                "rules.folder=" + TestConnect.RULES);
        var threads = Executors.newFixedThreadPool(CALLERS)) {
      points.awaitReady();
      connect.awaitReady();
      giveKey(pointsUrl, "points", "connect");
      giveKey(connectUrl, "connect", "voucher");
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        SplittableRandom own = random.split();
        Web web = new Web(connect.url(), "pk_voucher" + SECRET);
        callers.add(threads.submit(() -> publish(web, own, stop)));
      }
      try {
        for (ServiceProcess victim : victims(random, points, connect)) {
          Thread.sleep(random.nextInt(1_000));
          victim.killAndRestart();
          awaitMore(30);
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      points.awaitReady();
      connect.awaitReady();
      requireAllOnce();
    }
  }

  /** Each of both at least once, the others as it comes, in any order. */
  private static List<ServiceProcess> victims(
      SplittableRandom random, ServiceProcess points, ServiceProcess connect) {
    List<ServiceProcess> victims = new ArrayList<>(List.of(points, connect));
    while (victims.size() < KILLS) {
      victims.add(random.nextBoolean() ? points : connect);
    }
    Collections.shuffle(victims, java.util.Random.from(random));
    return victims;
  }

  private void awaitMore(int events) {
    long before = published.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> published.get() >= before + events);
  }

  /** Purchases, some of them refunded, and some events twice. */
  private void publish(Web web, SplittableRandom random, AtomicBoolean stop) {
    while (!stop.get()) {
      List<String> events = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(10); i++) {
        String purchase = Events.fresh("b");
        events.add(
            Events.voucherPurchased(
                Events.fresh("e"), purchase, "p" + random.nextInt(20), "[\"s1\",\"s2\",\"s3\"]"));
        if (random.nextInt(5) == 0) {
          events.add(Events.voucherRefunded(Events.fresh("e"), purchase));
        }
      }
      long distinct = events.size();
      if (random.nextInt(4) == 0) {
        events.add(events.getFirst());
      }
      untilTaken(web, Events.batch(events));
      published.addAndGet(distinct);
    }
  }

  private static void untilTaken(Web web, String batch) {
    while (true) {
      try {
        Web.Reply reply = web.publish(batch);
        if (reply.status() == 202) {
          return;
        }
        assertThat(reply.status()).as(reply.body().toString()).isIn(401, 503, 429);
      } catch (UncheckedIOException e) {
        // it is dead just now
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private void requireAllOnce() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                connect("SELECT count(*) FROM reward_action WHERE state = 'pending'")
                        + connect("SELECT count(*) FROM reversal WHERE state = 'pending'")
                    == 0);
    long purchases = connect("SELECT count(*) FROM event WHERE type = 'voucher.purchased'");
    long refunds = connect("SELECT count(*) FROM event WHERE type = 'voucher.refunded'");
    System.out.println("KillTest: " + purchases + " purchases, " + refunds + " refunds");
    assertThat(purchases + refunds).isEqualTo(published.get());
    assertThat(connect("SELECT count(*) FROM dead_letter")).isZero();
    // A purchase brings its partner a bonus, and each of three spacers.
    assertThat(connect("SELECT count(*) FROM reward_action")).isEqualTo(4 * purchases);
    long credits = points("SELECT count(*) FROM transaction WHERE type = 'credit'");
    long cancelled =
        connect("SELECT count(*) FROM reward_action WHERE state = 'refused' AND code='cancelled'");
    assertThat(credits).isEqualTo(4 * purchases - cancelled);
    assertThat(points("SELECT count(*) FROM transaction WHERE type = 'reverse'"))
        .isEqualTo(4 * refunds - cancelled);
    assertThat(points("SELECT sum(available_change - debt_change) FROM transaction"))
        .isEqualTo((101 + 17 + 17 + 16) * (purchases - refunds));
  }

  private long connect(String sql) {
    return number(connectUrl, "connect", sql);
  }

  private long points(String sql) {
    return number(pointsUrl, "points", sql);
  }

  private static long number(String url, String schema, String sql) {
    try (Connection connection = open(url, schema);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static Connection open(String url, String schema) throws SQLException {
    return DriverManager.getConnection(
        url.replaceFirst("^postgresql://postgres@", "jdbc:postgresql://")
            + "?user=postgres&currentSchema="
            + schema);
  }

  private static void giveKey(String url, String schema, String source) {
    try (Connection connection = open(url, schema);
        var insert =
            connection.prepareStatement("INSERT INTO api_key (key_hash, source) VALUES (?, ?)")) {
      insert.setBytes(1, sha256("pk_" + source + SECRET));
      insert.setString(2, source);
      insert.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
