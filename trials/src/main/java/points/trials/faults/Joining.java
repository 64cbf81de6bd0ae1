package points.trials.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import points.trials.Field;
import points.trials.Node;
import points.trials.Server;

/**
 * People who join on invitations and rise, through all processes of Referral Service, and insist
 * until they are told that they have; and what that must bring everybody. Thread-safe.
 */
final class Joining implements AutoCloseable {
  private static final int CALLERS = 4;

  /** Few enough that no rule's monthly ceiling is reached. */
  private static final int INVITED_MAX = 6;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A member, by those who made it. One thread at a time; later ones by their joining. */
  static final class Member {
    final String id;
    final @Nullable Member inviter;
    final List<String> events = new ArrayList<>();
    private String code = "";
    private int invited;
    long points;

    private Member(String id, @Nullable Member inviter) {
      this.id = id;
      this.inviter = inviter;
    }

    private @Nullable Member second() {
      return inviter == null ? null : inviter.inviter;
    }

    /** What the rules in {@code rules/} give for joining. */
    private void joined() {
      if (inviter != null) {
        events.add("referral.joined_level1");
        points += 50;
        inviter.points += 100;
        inviter.invited++;
      }
      Member second = second();
      if (second != null) {
        events.add("referral.joined_level2");
        second.points += 30;
      }
    }

    /** And for rising. */
    private void rose(boolean toPro) {
      events.add("referral.user_upgraded_to_" + (toPro ? "pro" : "vip"));
      points += toPro ? 1_000 : 500;
      if (inviter != null) {
        inviter.points += toPro ? 400 : 200;
      }
      Member second = second();
      if (second != null) {
        second.points += toPro ? 100 : 50;
      }
    }
  }

  private final List<Node> services;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong turn = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final List<List<Member>> families = new ArrayList<>();
  private volatile int pauseMillis;

  Joining(List<Node> services) {
    this.services = services;
  }

  /**
   * Begins.
   *
   * @param pauseMillis how long each caller waits between two things that it does
   */
  void start(SplittableRandom random, int pauseMillis) {
    this.pauseMillis = pauseMillis;
    for (int i = 0; i < CALLERS; i++) {
      SplittableRandom own = random.split();
      List<Member> family = new ArrayList<>();
      families.add(family);
      String name = "m" + i + "-";
      threads.execute(() -> live(own, family, name));
    }
  }

  private void live(SplittableRandom random, List<Member> family, String name) {
    try {
      while (!stop.get()) {
        Member any = family.isEmpty() ? null : family.get(random.nextInt(family.size()));
        if (any == null || random.nextBoolean()) {
          boolean invites = any != null && any.invited < INVITED_MAX && random.nextInt(20) > 0;
          join(family, new Member(name + family.size(), invites ? any : null));
        } else {
          rise(any);
        }
        done.incrementAndGet();
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | IOException | AssertionError e) {
      failure.compareAndSet(null, e.toString());
    }
  }

  private void join(List<Member> family, Member member) throws IOException, InterruptedException {
    String by =
        member.inviter == null ? "" : ",\"invited_by_code\":\"" + member.inviter.code + "\"";
    JsonNode answer = insist("/members", "{\"user_id\":\"" + member.id + "\"" + by + "}");
    member.code = answer.path("code").asText();
    member.joined();
    family.add(member);
  }

  /** A step up, if there is one. */
  private void rise(Member member) throws IOException, InterruptedException {
    boolean vip = member.events.contains("referral.user_upgraded_to_vip");
    if (vip && member.events.contains("referral.user_upgraded_to_pro")) {
      return;
    }
    insist("/members/" + member.id + "/upgrade", "{\"to\":\"" + (vip ? "pro" : "vip") + "\"}");
    member.rose(vip);
  }

  /** Until it is done, by whichever process. */
  private JsonNode insist(String path, String body) throws IOException, InterruptedException {
    while (true) {
      Node service = services.get((int) (turn.getAndIncrement() % services.size()));
      HttpRequest request =
          HttpRequest.newBuilder(service.url().resolve(path))
              .timeout(Duration.ofSeconds(5))
              .header("Authorization", "Bearer " + Field.key("app"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200 || answer.statusCode() == 201) {
          return JSON.readTree(answer.body());
        }
        if (answer.statusCode() != 503) {
          throw new AssertionError(path + " " + body + " is answered " + answer.body());
        }
      } catch (IOException e) {
        // It is dead just now, or stands still: the next one.
      }
      Server.pause(20);
    }
  }

  /** How much has been done so far. */
  long done() {
    return done.get();
  }

  /** Ends; everything that was begun has been done then. */
  List<Member> stop() throws InterruptedException {
    stop.set(true);
    threads.shutdown();
    if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new AssertionError("callers hang");
    }
    String wrong = failure.get();
    if (wrong != null) {
      throw new AssertionError(wrong);
    }
    return families.stream().flatMap(List::stream).toList();
  }

  /** The events that these members must have made, by their subjects, each in its order. */
  static Map<String, List<String>> events(List<Member> members) {
    Map<String, List<String>> events = new LinkedHashMap<>();
    for (Member member : members) {
      if (!member.events.isEmpty()) {
        events.put("member:" + member.id, member.events);
      }
    }
    return events;
  }

  @Override
  public void close() {
    stop.set(true);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
