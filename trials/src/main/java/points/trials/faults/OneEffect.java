package points.trials.faults;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import points.trials.Field;
import points.trials.Stage;
import points.trials.Trial;
import points.trials.Verdict;

/** Fifty callers with one external id, all at once, through both processes. */
public final class OneEffect implements Trial {
  private static final int CALLERS = 50;
  private static final List<String> VERBS = List.of("credit", "debit", "hold");

  @Override
  public String name() {
    return "one-effect";
  }

  @Override
  public String promise() {
    return "fifty calls at once with one external id have one effect and one answer";
  }

  @Override
  public Verdict run(Stage stage) throws Exception {
    int ids = stage.scale().of(60, 300, 1_000);
    try (Field field = Field.open(stage);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int id = 0; id < ids; id++) {
        String verb = id == 0 ? "credit" : VERBS.get(id % VERBS.size());
        String externalId = "one-" + id;
        CyclicBarrier together = new CyclicBarrier(CALLERS);
        List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
          HttpRequest request = request(field, caller, verb, externalId);
          calls.add(
              () -> {
                together.await();
                return http.send(request, HttpResponse.BodyHandlers.ofString());
              });
        }
        requireOne(threads.invokeAll(calls), externalId);
      }
      String there = field.server().ask(Field.DATABASE, "SELECT count(*) FROM operation");
      if (!there.equals(Integer.toString(ids))) {
        throw new AssertionError(ids + " external ids, " + there + " outcomes");
      }
      var findings = field.server().verify(Field.DATABASE);
      if (!findings.isEmpty()) {
        throw new AssertionError(findings.toString());
      }
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("external ids", (long) ids);
      figures.put("calls", (long) ids * CALLERS);
      return new Verdict.Held(figures);
    }
  }

  private static HttpRequest request(Field field, int caller, String verb, String externalId) {
    String source = verb.equals("credit") ? "connect" : "quest";
    String body =
        "{\"account\":\"user:one\",\"amount\":7,\"external_id\":\"%s\",\"reason\":\"trial\"}"
            .formatted(externalId);
    return HttpRequest.newBuilder(field.nodes().get(caller % 2).url().resolve("/internal/" + verb))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + Field.key(source))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static void requireOne(List<Future<HttpResponse<String>>> answers, String externalId)
      throws Exception {
    Set<String> bodies = new HashSet<>();
    int first = 0;
    for (Future<HttpResponse<String>> answer : answers) {
      HttpResponse<String> response = answer.get();
      int status = response.statusCode();
      boolean replay = response.headers().firstValue("Idempotent-Replay").isPresent();
      if (status != 201 && status != 200 && status != 422) {
        throw new AssertionError(externalId + ": " + status + " " + response.body());
      }
      first += replay ? 0 : 1;
      // A problem names the request that it answers; all else is equal.
      bodies.add(response.body().replaceAll("\"request_id\":\"[^\"]*\"", ""));
    }
    if (first != 1 || bodies.size() != 1) {
      throw new AssertionError(
          externalId + ": " + first + " first answers, different ones: " + bodies);
    }
  }
}
