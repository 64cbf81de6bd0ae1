package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.refused;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.contract.Answer;

/**
 * What is let in, to the byte; what is not is refused by the name of its field and does nothing.
 */
class StrictInputTest {
  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final HttpClient RAW =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Scene scene = Scene.fresh();

  // Amounts

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "-0",
        "1.0",
        "1.5",
        "1e3",
        "1E0",
        "\"5\"",
        "true",
        "[]",
        "{}",
        "[5]",
        "null",
        "1000000000001",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551617",
        "1000000000000000000000000000000",
        "-9223372036854775809",
        "\"\""
      })
  void amountsThatAreNone(String amount) {
    badCredit("amount", "amount", amount);
    Answer hold = done(funded().hold(5));
    for (String verb : List.of("capture")) {
      if (!amount.equals("null")) {
        String body =
            object(
                Map.of("hold_id", quoted(hold.text("hold/hold_id")), "external_id", quoted(id())),
                "amount",
                amount);
        invalid(scene.quest.post("/internal/" + verb, body), "amount");
      }
    }
    assertThat(scene.balance().path("held").asLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1000000000000"})
  void amountsThatAreSome(String amount) {
    done(scene.connect.post("/internal/credit", credit("amount", amount)));
    assertThat(scene.available()).isEqualTo(Long.parseLong(amount));
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "+1", "1.", ".5", "0x10", "NaN", "Infinity", "1_000", ""})
  void numbersThatJsonDoesNotKnow(String amount) {
    refused(
        scene.connect.post("/internal/credit", credit("amount", amount)), 400, "invalid_request");
    nothingHappened();
  }

  // Accounts

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"user\"",
        "\"user:\"",
        "\":42\"",
        "\"User:42\"",
        "\"1user:42\"",
        "\"_u:42\"",
        "\"user :42\"",
        "\"user:4 2\"",
        "\" user:42\"",
        "\"user:42 \"",
        "\"user:42\\n\"",
        "\"user:é\"",
        "\"user:a/b\"",
        "\"user:a:b\"",
        "\"user:a%20\"",
        "\"us-er:42\"",
        "\"abcdefghijklmnopq:1\"",
        "\"issued:1\"",
        "\"spent:1\"",
        "\"expired:1\"",
        "\"adjusted:1\"",
        "\"system:1\"",
        "42",
        "null",
        "[\"user:1\"]",
        "\"user:\\u0660\""
      })
  void accountsThatAreNone(String account) {
    badCredit("account", "account", account);
  }

  @Test
  void anIdOf64CharactersFitsAndOf65DoesNot() {
    String id = (id() + "x".repeat(64)).substring(0, 64);
    done(scene.connect.post("/internal/credit", credit("account", quoted("user:" + id))));
    badCredit("account", "account", quoted("user:" + id + "y"));
    done(
        scene.connect.post(
            "/internal/credit", credit("account", quoted("abcdefghij_45678:A.b_c~d-" + id()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"User:42", "user", "user:", "user:%20", "user:%C3%A9", "system:1", "user:a%2Fb"})
  void pathsThatNameNoAccount(String account) {
    for (String what : List.of("balance", "transactions", "statement", "holds", "explain")) {
      Answer answer = scene.quest.get("/internal/accounts/" + account + "/" + what);
      refused(answer, 400, "invalid_request");
      assertThat(answer.member("errors").findValuesAsText("field")).contains("account");
    }
  }

  // External ids

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\" \"",
        "\"a b\"",
        "\"a \"",
        "\" a\"",
        "\"é\"",
        "\"a\\u0000\"",
        "\"a\\n\"",
        "\"\\u007f\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "5",
        "null",
        "true",
        "{}"
      })
  void externalIdsThatAreNone(String externalId) {
    badCredit("external_id", "external_id", externalId);
  }

  @Test
  void externalIdsHaveUpTo128CharactersAndAreKeptByteForByte() {
    String most = (id() + "!\\~".replace("\\", "#") + "z".repeat(128)).substring(0, 128);
    done(scene.connect.post("/internal/credit", credit("external_id", quoted(most))));
    badCredit("external_id", "external_id", quoted(most + "z"));
    String base = id();
    for (String variant :
        List.of(
            base, base.toUpperCase(java.util.Locale.ROOT), base + ".", "0" + base, "%20" + base)) {
      Answer answer =
          scene.connect.post("/internal/credit", credit("external_id", quoted(variant)));
      assertThat(answer.status()).as(variant).isEqualTo(201);
      assertThat(answer.text("external_id")).isEqualTo(variant);
    }
    assertThat(scene.available()).isEqualTo(6 * 5);
    String shortest = scene.connect.post("/internal/credit", credit("external_id", "\"~\"")).text();
    assertThat(shortest).contains("\"external_id\":\"~\"");
  }

  // Reason

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"A\"",
        "\"a b\"",
        "\"a\\n\"",
        "\"é\"",
        "\"a/b\"",
        "5",
        "null",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
      })
  void reasonsThatAreNone(String reason) {
    badCredit("reason", "reason", reason);
  }

  @Test
  void aReasonMayHave64Characters() {
    done(
        scene.connect.post(
            "/internal/credit", credit("reason", quoted("a.b_c-9".repeat(9) + "z"))));
  }

  // Metadata

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{}]", "\"x\"", "5", "true", "\"{}\""})
  void metadataThatIsNoObject(String metadata) {
    badCredit("metadata", "metadata", metadata);
  }

  @Test
  void metadataHasUpTo4096BytesAnd8Levels() {
    String frame = "{\"k\":\"\"}";
    done(metadata("{ \"k\" : \"" + "a".repeat(4096 - frame.length()) + "\" }"));
    badCredit("metadata", "metadata", "{\"k\":\"" + "a".repeat(4097 - frame.length()) + "\"}");
    done(metadata("{\"k\":\"" + "é".repeat((4096 - frame.length()) / 2) + "\"}"));
    badCredit(
        "metadata", "metadata", "{\"k\":\"" + "é".repeat((4098 - frame.length()) / 2) + "\"}");
    done(metadata("{\"a\":".repeat(7) + "{}" + "}".repeat(7)));
    badCredit("metadata", "metadata", "{\"a\":".repeat(8) + "{}" + "}".repeat(8));
    done(metadata("{\"a\":" + "[".repeat(7) + "]".repeat(7) + "}"));
    badCredit("metadata", "metadata", "{\"a\":" + "[".repeat(8) + "]".repeat(8) + "}");
  }

  @Test
  void metadataComesBackAsItWasGiven() throws Exception {
    String given =
        "{\"z\":1,\"a\":[1.10,1E+2,0.1,123456789012345678901234567890,-0.5,9007199254740993,"
            + "12345678901234567890.123456789],\"u\":\"é😀\\u0001\\\"\\\\</script>\",\"\":null,"
            + "\"é\":{\"t\":true,\"f\":false},\"empty\":{},\"none\":[]}";
    Answer posted = done(metadata(given));
    Answer read =
        done(scene.connect.get("/internal/transactions/" + posted.text("transaction_id")));
    JsonNode expected = EXACT.readTree(given);
    JsonNode got = EXACT.readTree(read.text()).path("metadata");
    assertThat(names(got)).containsExactlyInAnyOrderElementsOf(names(expected));
    for (int i = 0; i < expected.path("a").size(); i++) {
      assertThat(new BigDecimal(got.path("a").path(i).asText()))
          .isEqualByComparingTo(new BigDecimal(expected.path("a").path(i).asText()));
    }
    assertThat(read.text()).as("trailing zeros too").contains("[1.10,");
    assertThat(got.path("u")).isEqualTo(expected.path("u"));
    assertThat(got.path("é")).isEqualTo(expected.path("é"));
    assertThat(got.path("").isNull()).isTrue();
    assertThat(got.path("empty")).isEqualTo(expected.path("empty"));
    assertThat(got.path("none")).isEqualTo(expected.path("none"));
  }

  // The form of the body

  @Test
  void unknownFieldsAreNamed() {
    for (String field : List.of("extra", "Amount", "amount ", "hold_id", "expires_in", "policy")) {
      badCredit(field.strip().equals("amount") ? "amount " : field, field, "1");
    }
    invalid(
        scene.quest.post("/internal/debit", credit("expires_at", "\"2090-01-01T00:00:00Z\"")),
        "expires_at");
    nothingHappened();
  }

  @Test
  void fieldsThatAreNotThereAreNamed() {
    for (String field : List.of("account", "amount", "external_id", "reason")) {
      Map<String, Object> body = scene.moving(5);
      body.remove(field);
      invalid(scene.connect.post("/internal/credit", body), field);
    }
    Answer all = scene.connect.post("/internal/credit", "{}");
    refused(all, 400, "invalid_request");
    assertThat(all.member("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("account", "amount", "external_id", "reason");
    for (String verb : List.of("capture", "release", "refund")) {
      invalid(
          scene.quest.post("/internal/" + verb, "{\"external_id\":\"x\"}"),
          verb.equals("refund") ? "transaction_id" : "hold_id");
    }
    nothingHappened();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\"",
        "5",
        "\"\"",
        "\"0192f0c1\"",
        "\"0192f0c17c007a018c11000000000001\"",
        "\"{0192f0c1-7c00-7a01-8c11-000000000001}\"",
        "\"0192f0c1-7c00-7a01-8c11-00000000000g\"",
        "null"
      })
  void idsThatAreNone(String value) {
    invalid(
        scene.quest.post("/internal/capture", "{\"external_id\":\"x\",\"hold_id\":" + value + "}"),
        "hold_id");
    invalid(
        scene.quest.post(
            "/internal/refund", "{\"external_id\":\"x\",\"transaction_id\":" + value + "}"),
        "transaction_id");
  }

  @Test
  void keysThatAreThereTwiceAreNamed() {
    String body = credit("amount", "5");
    invalid(
        scene.connect.post("/internal/credit", body.replaceFirst("\\{", "{\"amount\":5,")),
        "amount");
    invalid(
        scene.connect.post("/internal/credit", body.replaceFirst("\\{", "{\"\\\\u0061mount\":5,")),
        "amount");
    invalid(
        scene.connect.post("/internal/credit", credit("metadata", "{\"a\":1,\"a\":1}")),
        "metadata.a");
    invalid(
        scene.connect.post("/internal/credit", credit("metadata", "{\"b\":[{\"a\":1,\"a\":2}]}")),
        "metadata.b[0].a");
    nothingHappened();
  }

  @Test
  void bodiesThatAreNoObject() {
    String good = credit("amount", "5");
    for (String body :
        List.of(
            "",
            " ",
            "[]",
            "[" + good + "]",
            "null",
            "5",
            "\"x\"",
            "{",
            good + "}",
            good + " x",
            good + good,
            good.substring(1),
            good.replace(":5", ":5,"),
            "{'amount':5}",
            good + "//x",
            "/**/" + good,
            "\uFEFF" + good,
            good.replace(",", ";"))) {
      refused(scene.connect.post("/internal/credit", body), 400, "invalid_request");
    }
    nothingHappened();
    done(scene.connect.post("/internal/credit", " \r\n\t" + good + " \n"));
  }

  @Test
  void depth33IsTooDeep() {
    String deep = "[".repeat(100_000 / 2);
    for (String value :
        List.of(
            "[".repeat(32) + "]".repeat(32), "{\"a\":".repeat(40) + "1" + "}".repeat(40), deep)) {
      refused(
          scene.connect.post("/internal/credit", credit("metadata", value)),
          400,
          "invalid_request");
    }
    nothingHappened();
  }

  @Test
  void bytesThatAreNotUtf8AndNul() throws Exception {
    String good = credit("metadata", "{\"k\":\"@\"}");
    for (byte[] bad :
        List.of(
            new byte[] {(byte) 0xff},
            new byte[] {(byte) 0xc3},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {0},
            new byte[] {1})) {
      byte[] frame = good.getBytes(StandardCharsets.ISO_8859_1);
      int at = good.indexOf('@');
      byte[] body = new byte[frame.length - 1 + bad.length];
      System.arraycopy(frame, 0, body, 0, at);
      System.arraycopy(bad, 0, body, at, bad.length);
      System.arraycopy(frame, at + 1, body, at + bad.length, frame.length - at - 1);
      HttpResponse<String> answer = raw(body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("\"invalid_request\"");
    }
    badCreditSomewhere("{\"k\":\"\\u0000\"}");
    badCreditSomewhere("{\"\\u0000\":1}");
    badCreditSomewhere("{\"k\":\"\\ud800\"}");
    HttpResponse<String> utf16 = raw(good.getBytes(StandardCharsets.UTF_16LE));
    assertThat(utf16.statusCode()).isEqualTo(400);
    nothingHappened();
  }

  @ParameterizedTest
  @CsvSource({"1E+401", "1E-401", "1e999999999", "-1e-999999999"})
  void numbersBeyondAllMeasureAreRefused(String number) {
    badCreditSomewhere("{\"n\":" + number + "}");
    badCreditSomewhere("{\"n\":" + "9".repeat(2000) + "}");
  }

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

  // Helpers

  private Scene funded() {
    scene.credit(10);
    return scene;
  }

  private Answer metadata(String metadata) {
    return scene.connect.post("/internal/credit", credit("metadata", metadata));
  }

  /** A credit as JSON text, with that field set to that JSON text. */
  private String credit(String field, String json) {
    Map<String, String> fields =
        Map.of(
            "account",
            quoted(scene.account),
            "amount",
            "5",
            "external_id",
            quoted(id()),
            "reason",
            "\"strict\"");
    return object(fields, field, json);
  }

  private static String object(Map<String, String> fields, String field, String json) {
    List<String> members = new ArrayList<>();
    fields.forEach(
        (name, value) -> {
          if (!name.equals(field)) {
            members.add(quoted(name) + ":" + value);
          }
        });
    members.add(quoted(field) + ":" + json);
    return "{" + String.join(",", members) + "}";
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private void badCredit(String named, String field, String json) {
    long before = scene.transactions();
    Answer answer = scene.connect.post("/internal/credit", credit(field, json));
    refused(answer, 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field"))
        .as(answer.text())
        .allMatch(f -> f.equals(named) || f.startsWith(named + ".") || f.startsWith(named + "["))
        .isNotEmpty();
    assertThat(scene.transactions()).isEqualTo(before);
  }

  private void badCreditSomewhere(String metadata) {
    badCredit("metadata", "metadata", metadata);
  }

  private static void invalid(Answer answer, String field) {
    refused(answer, 400, "invalid_request");
    assertThat(answer.member("errors").findValuesAsText("field"))
        .as(answer.text())
        .containsOnly(field);
  }

  private void nothingHappened() {
    assertThat(scene.transactions()).isZero();
    assertThat(scene.balance().path("total").asLong()).isZero();
  }

  private HttpResponse<String> raw(byte[] body) throws Exception {
    return RAW.send(
        HttpRequest.newBuilder(URI.create(scene.service.url() + "/internal/credit"))
            .header("Authorization", "Bearer " + scene.service.key("connect"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
