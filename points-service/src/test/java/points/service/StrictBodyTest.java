package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.refused;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.contract.Answer;

/** The form of the body: one object of the known fields, each once, in UTF-8. */
class StrictBodyTest extends StrictInput {
  private static final HttpClient RAW =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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

  private HttpResponse<String> raw(byte[] body) throws Exception {
    return RAW.send(
        HttpRequest.newBuilder(URI.create(scene.service.url() + "/internal/credit"))
            .header("Authorization", "Bearer " + scene.service.key("connect"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
