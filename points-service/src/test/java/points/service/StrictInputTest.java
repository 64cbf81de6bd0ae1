package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.refused;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import points.service.contract.Answer;

/** The values of the fields: amounts, accounts, ids, reasons and metadata. */
class StrictInputTest extends StrictInput {
  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

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
  void anAccountOfTheLedgersOwnIsRefusedForWhatItIs() {
    for (String kind : List.of("issued", "spent", "expired", "adjusted", "system")) {
      String account = kind + ":1";
      for (Answer answer :
          List.of(
              scene.connect.post("/internal/credit", credit("account", quoted(account))),
              scene.connect.get("/internal/accounts/" + account + "/balance"))) {
        invalid(answer, "account");
        assertThat(answer.text("errors/0/message")).contains("a kind that is reserved", kind);
      }
    }
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

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
