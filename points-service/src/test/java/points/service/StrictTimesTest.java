package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.id;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.contract.Answer;

/** Times, flags, policies and queries. */
class StrictTimesTest extends StrictInput {
  // Times

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2090-01-01",
        "2090-01-01T00:00Z",
        "2090-01-01T00:00:00",
        "2090-01-01T00:00:00+02:00",
        "2090-01-01T00:00:00-00:01",
        "2090-01-01 00:00:00Z",
        "2090-01-01t00:00:00z",
        "2090-02-30T00:00:00Z",
        "2090-01-01T24:00:00Z",
        "2090-01-01T00:00:60Z",
        "12090-01-01T00:00:00Z",
        "+2090-01-01T00:00:00Z",
        "2090-01-01T00:00:00.Z",
        "2090-01-01T00:00:00.1234567890Z",
        "tomorrow",
        "",
        "3786912000",
        "2090-1-1T00:00:00Z"
      })
  void timesThatAreNone(String time) {
    badCredit("expires_at", "expires_at", quoted(time));
    badCredit("available_at", "available_at", quoted(time));
    invalid(
        scene.quest.get(
            scene.path("balance") + "?at=" + time.replace("+", "%2B").replace(" ", "%20")),
        "at");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2090-01-01T00:00:00Z",
        "2090-01-01T00:00:00+00:00",
        "2090-01-01T00:00:00.123456Z",
        "2090-01-01T00:00:00.1Z"
      })
  void timesThatAreSome(String time) {
    Answer answer =
        done(scene.connect.post("/internal/credit", credit("expires_at", quoted(time))));
    assertThat(Instant.parse(answer.text("expires_at")))
        .isEqualTo(Instant.parse(time.replace("+00:00", "Z")));
  }

  @Test
  void timesInThePastAndInTheWrongOrder() {
    badCredit("expires_at", "expires_at", quoted("2001-01-01T00:00:00Z"));
    badCredit(
        "expires_at",
        "expires_at",
        quoted(
            Instant.now()
                .minusSeconds(1)
                .truncatedTo(java.time.temporal.ChronoUnit.MICROS)
                .toString()));
    for (String expires : List.of("2090-01-01T00:00:00Z", "2089-12-31T23:59:59Z")) {
      String body =
          object(
              Map.of("available_at", quoted("2090-01-01T00:00:00Z")),
              "expires_at",
              quoted(expires));
      invalid(
          scene.connect.post(
              "/internal/credit", credit("amount", "5").replace("}", "," + body.substring(1))),
          "expires_at");
    }
    nothingHappened();
    done(
        scene.connect.post(
            "/internal/credit", credit("available_at", quoted("2001-01-01T00:00:00Z"))));
    assertThat(scene.available()).as("available_at in the past is at once").isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "31536001", "1.5", "\"60\"", "true", "4294967297", "1e2"})
  void holdTimesThatAreNone(String seconds) {
    invalid(funded().quest.post("/internal/hold", credit("expires_in", seconds)), "expires_in");
    assertThat(scene.available()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 31_536_000})
  void holdTimesThatAreSome(long seconds) {
    Answer hold =
        done(funded().quest.post("/internal/hold", credit("expires_in", String.valueOf(seconds))));
    assertThat(Instant.parse(hold.text("hold/expires_at")))
        .isEqualTo(Instant.parse(hold.text("created_at")).plusSeconds(seconds));
  }

  @Test
  void flagsAndPoliciesThatAreNone() {
    Answer hold = funded().hold(5);
    for (String value : List.of("\"true\"", "1", "0", "[]")) {
      invalid(
          scene.quest.post(
              "/internal/capture",
              object(
                  Map.of("hold_id", quoted(hold.text("hold/hold_id")), "external_id", quoted(id())),
                  "final",
                  value)),
          "final");
    }
    Answer credit = scene.credit(1);
    for (String value : List.of("\"REJECT\"", "\"\"", "true", "\"reject \"")) {
      invalid(
          scene.connect.post(
              "/internal/reverse",
              object(
                  Map.of(
                      "transaction_id",
                      quoted(credit.text("transaction_id")),
                      "external_id",
                      quoted(id())),
                  "policy",
                  value)),
          "policy");
    }
    assertThat(scene.balance().path("total").asLong()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({"metadata", "expires_at", "available_at"})
  void nullIsNotTheSameAsAbsent(String field) {
    badCredit(field, field, "null");
  }

  // Queries

  @ParameterizedTest
  @CsvSource({
    "transactions?limit=0,limit",
    "transactions?limit=201,limit",
    "transactions?limit=x,limit",
    "transactions?limit=,limit",
    "transactions?limit=-1,limit",
    "transactions?limit=1.0,limit",
    "transactions?limit=01,limit",
    "transactions?limit=99999999999999999999,limit",
    "transactions?limit=5&limit=5,limit",
    "transactions?limit=5&%6cimit=6,limit",
    "transactions?nothing=1,nothing",
    "transactions?Limit=5,Limit",
    "transactions?cursor=!,cursor",
    "transactions?cursor=YWJj,cursor",
    "transactions?cursor=a,cursor",
    "transactions?type=nothing,type",
    "transactions?type=CREDIT,type",
    "transactions?type=,type",
    "transactions?from=yesterday,from",
    "transactions?to=2026-13-01T00:00:00Z,to",
    "transactions?from=%ff,from",
    "holds?status=nothing,status",
    "holds?limit=201,limit",
    "holds?cursor=MQ,cursor",
    "holds?type=credit,type",
    "statement?limit=5,limit",
    "statement?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z,from",
    "balance?at=2999-01-01T00:00:00Z,at",
    "balance?at=,at",
    "balance?limit=1,limit",
    "explain?at=2026-01-01T00:00:00Z,at"
  })
  void queriesThatAreNone(String query, String field) {
    invalid(scene.quest.get(scene.path(query)), field);
  }

  @Test
  void otherQueriesThatAreNone() {
    invalid(scene.quest.get("/internal/events?limit=1001"), "limit");
    invalid(scene.quest.get("/internal/events?limit=0"), "limit");
    invalid(scene.quest.get("/internal/events?after=nonsense"), "after");
    invalid(scene.quest.get("/internal/events?after=!"), "after");
    invalid(scene.quest.get("/internal/transactions"), "external_id");
    invalid(scene.quest.get("/internal/transactions?external_id="), "external_id");
    invalid(scene.quest.get("/internal/transactions?external_id=a%20b"), "external_id");
    invalid(scene.quest.get("/internal/transactions/nonsense"), "transaction_id");
    invalid(scene.quest.get("/internal/holds/nonsense"), "hold_id");
    invalid(scene.quest.get("/internal/holds/0192f0c1-7c00-7a01-8c11-000000000001?x=1"), "x");
    done(scene.quest.get(scene.path("transactions?limit=1")));
    done(scene.quest.get(scene.path("transactions?limit=200")));
  }
}
