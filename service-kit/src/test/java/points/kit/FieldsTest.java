package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

  private enum Policy {
    REJECT,
    WITHIN_BALANCE
  }

  private static final TextRule REASON =
      TextRule.matching("[a-z0-9._-]{1,64}", 64, "1 to 64 of [a-z0-9._-]");
  private static final TextRule ID = TextRule.visibleAscii(1, 128);

  @Test
  void readsEveryKind() {
    Fields fields =
        json(
            "{\"n\":5,\"b\":true,\"p\":\"within_balance\",\"t\":\"2026-11-22T18:00:00.1234569Z\","
                + "\"m\":{\"a\":1.10,\"l\":[]}}");
    assertThat(fields.integer("n", 1, 10)).isEqualTo(5);
    assertThat(fields.flagOr("b", false)).isTrue();
    assertThat(fields.choiceOr("p", Policy.REJECT)).isEqualTo(Policy.WITHIN_BALANCE);
    assertThat(fields.instant("t")).isEqualTo(Instant.parse("2026-11-22T18:00:00.123456Z"));
    assertThat(fields.optionalObject("m", 4_096, 8)).isEqualTo("{\"a\":1.10,\"l\":[]}");
    assertThat(fields.optionalText("absent0", ID)).isNull();
    assertThat(fields.integerOr("absent", 1, 2, 2)).isEqualTo(2);
    assertThat(fields.optionalInteger("absent2", 1, 2)).isNull();
    assertThat(fields.optionalInstant("absent3")).isNull();
    fields.done();
  }

  @Test
  void reportsEverythingAtOnce() {
    Fields fields =
        json("{\"amount\":0,\"reason\":\"No!\",\"on\":1,\"p\":\"REJECT\",\"t\":5,\"typo\":1}");
    fields.integer("amount", 1, 10);
    fields.text("reason", REASON);
    fields.text("id", ID);
    fields.flagOr("on", false);
    fields.choice("p", Policy.class);
    fields.instant("t");
    assertThat(errors(fields))
        .containsExactly(
            new FieldError("amount", "must be a whole number from 1 to 10"),
            new FieldError("reason", "must be 1 to 64 of [a-z0-9._-]"),
            new FieldError("id", "is missing"),
            new FieldError("on", "must be true or false"),
            new FieldError("p", "must be one of reject, within_balance"),
            new FieldError(
                "t", "must be a time in UTC like 2026-11-22T18:00:00Z, from 1970 to 9999"),
            new FieldError("typo", "is not a field of this call"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"5\"",
        "1.0",
        "1e3",
        "1E0",
        "0",
        "-1",
        "11",
        "true",
        "{}",
        "[]",
        "null",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "5.5"
      })
  void refusesIntegers(String value) {
    assertThat(oneError("{\"n\":" + value + "}", fields -> fields.integer("n", 1, 10)).field())
        .isEqualTo("n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T18:00:00+01:00",
        "2026-11-22T18:00:00-00:00",
        "2026-11-22T18:00:00",
        "2026-11-22",
        "2026-02-30T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T23:59:60Z",
        "1969-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "2026-11-22t18:00:00z",
        "2026-11-22 18:00:00Z",
        "2026-11-22T18:00:00.1234567890Z",
        "2026-11-22T18:00:00.Z",
        "",
        "x",
        "2026-11-22T18:00Z"
      })
  void refusesInstants(String value) {
    assertThat(oneError("{\"t\":\"" + value + "\"}", fields -> fields.instant("t")).field())
        .isEqualTo("t");
  }

  @Test
  void acceptsInstantsAtTheEdges() {
    Fields fields =
        json("{\"a\":\"1970-01-01T00:00:00+00:00\",\"b\":\"9999-12-31T23:59:59.999999999Z\"}");
    assertThat(fields.instant("a")).isEqualTo(Instant.EPOCH);
    assertThat(fields.instant("b")).isEqualTo(Instant.parse("9999-12-31T23:59:59.999999Z"));
    fields.done();
  }

  @Test
  void limitsObjects() {
    Consumer<Fields> read = fields -> fields.optionalObject("m", 10, 2);
    json("{\"m\":{\"a\":{}}}").optionalObject("m", 10, 2);
    assertThat(oneError("{\"m\":[]}", read).message()).isEqualTo("must be a JSON object");
    assertThat(oneError("{\"m\":{\"a\":{\"b\":{}}}}", read).message()).contains("2 levels");
    assertThat(oneError("{\"m\":{\"a\":[[]]}}", read).message()).contains("2 levels");
    Fields full = json("{\"m\":{\"a\":\"12\"}}");
    assertThat(full.optionalObject("m", 10, 2)).isEqualTo("{\"a\":\"12\"}");
    full.done();
    assertThat(oneError("{\"m\":{\"a\":\"123\"}}", read).message()).contains("10 bytes");
    assertThat(oneError("{\"m\":{\"a\":\"é€\"}}", read).message()).contains("10 bytes");
  }

  @Test
  void elementsReportWithTheirPlace() {
    Fields fields = json("{\"ops\":[{\"n\":1},{\"n\":\"x\",\"y\":2},5]}");
    List<Fields> ops = fields.objects("ops", 1, 3);
    ops.forEach(op -> op.integer("n", 1, 10));
    assertThat(errors(fields))
        .extracting(FieldError::field)
        .containsExactly("ops[2]", "ops[1].n", "ops[2].n");

    Fields alone = json("{\"ops\":[{\"n\":1},{\"n\":\"x\",\"y\":2},5]}");
    List<Fields> items = alone.separateObjects("ops", 1, 3);
    alone.done();
    items.getFirst().integer("n", 1, 10);
    items.getFirst().done();
    items.get(1).integer("n", 1, 10);
    assertThat(errors(items.get(1)))
        .extracting(FieldError::field)
        .containsExactly("ops[1].n", "ops[1].y");
    assertThat(errors(items.get(2))).extracting(FieldError::field).containsExactly("ops[2]");

    for (String wrong :
        new String[] {"{}", "{\"ops\":{}}", "{\"ops\":[]}", "{\"ops\":[1,2,3,4]}"}) {
      assertThat(oneError(wrong, f -> f.objects("ops", 1, 3)).field()).isEqualTo("ops");
    }
  }

  @Test
  void elementsThatStandAloneFallAloneWhateverIsWrongInThem() {
    String digits = "9".repeat(200);
    String deep = "[".repeat(40) + "]".repeat(40);
    Fields fields =
        parts(
            "{\"ops\":[{\"n\":1},{\"n\":1,\"n\":2},{\"n\":\"\\u0000\"},{\"m\":{\"\\ud800\":[]}},"
                + ("{\"n\":" + digits + "},{\"n\":" + deep + "},{\"n\":2}]}"));
    List<Fields> ops = fields.separateObjects("ops", 1, 10);
    fields.done();
    assertThat(ops).hasSize(7);
    for (int good : new int[] {0, 6}) {
      assertThat(ops.get(good).integer("n", 1, 10)).isPositive();
      ops.get(good).done();
    }
    assertThat(errors(ops.get(1))).containsExactly(new FieldError("ops[1].n", "is there twice"));
    assertThat(errors(ops.get(2)))
        .containsExactly(new FieldError("ops[2].n", "has a NUL character"));
    assertThat(errors(ops.get(3)).getFirst().message()).isEqualTo("has half of a surrogate pair");
    assertThat(errors(ops.get(4)))
        .containsExactly(new FieldError("ops[4].n", "has a number of more than 128 characters"));
    assertThat(errors(ops.get(5)).getFirst().message())
        .isEqualTo("is nested deeper than 32 levels");
  }

  @Test
  void whatIsWrongOutsideOfSuchElementsIsWrongWithTheWhole() {
    assertThat(errors(parts("{\"ops\":[{\"n\":1,\"n\":2}],\"x\":1}")))
        .extracting(FieldError::field)
        .containsExactlyInAnyOrder("ops", "x", "ops[0].n");
    for (String whole :
        List.of(
            "{\"a\":\"\\u0000\"}", "{\"a\":1,\"a\":1}", "{\"ops\":[{]}", "[[{\"a\":1,\"a\":1}]]")) {
      assertThatThrownBy(() -> parts(whole)).isInstanceOf(ProblemException.class);
    }
  }

  private static Fields parts(String json) {
    return Fields.ofJsonParts(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsQueries() {
    Fields fields = Fields.ofQuery("limit=5&cursor=a%2Bb+c&on=true");
    assertThat(fields.integerOr("limit", 1, 200, 50)).isEqualTo(5);
    assertThat(fields.optionalText("cursor", TextRule.anything(1, 10))).isEqualTo("a+b c");
    assertThat(fields.flagOr("on", false)).isTrue();
    fields.done();
    Fields.ofQuery(null).done();
    Fields.ofQuery("").done();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=5&limit=5",
        "limit=05",
        "limit=+5",
        "limit=5.0",
        "limit=0x5",
        "limit=",
        "limit",
        "limit=99999999999999999999",
        "limit=201",
        "limit=%",
        "limit=%zz",
        "limit=%ff",
        "limit=%00",
        "limit=%35&lim%69t=5"
      })
  void refusesQueries(String query) {
    FieldError error =
        errorsOf(
                () -> {
                  Fields fields = Fields.ofQuery(query);
                  fields.integerOr("limit", 1, 200, 50);
                  fields.done();
                })
            .getFirst();
    assertThat(error.field()).isEqualTo("limit");
  }

  @Test
  void refusesUnknownParametersByName() {
    assertThat(errorsOf(() -> Fields.ofQuery("Limit=5").done()))
        .containsExactly(new FieldError("Limit", "is not a parameter of this call"));
  }

  @Test
  void readsDifferentTexts() {
    TextRule word = TextRule.matching("[a-z]+", 5, "words");
    Fields fields = json("{\"ids\":[\"b\",\"a\"]}");
    assertThat(fields.texts("ids", 2, word)).containsExactly("b", "a");
    assertThat(fields.texts("others", 2, word)).isEmpty();
    fields.done();
    for (String ids :
        List.of("[\"a\",\"a\"]", "[\"a\",\"b\",\"c\"]", "[1]", "[\"A\"]", "{}", "null")) {
      FieldError error = oneError("{\"ids\":" + ids + "}", in -> in.texts("ids", 2, word));
      assertThat(error)
          .isEqualTo(new FieldError("ids", "must be an array of at most 2 different words"));
    }
  }

  private static Fields json(String json) {
    return Fields.ofJson(json.getBytes(StandardCharsets.UTF_8));
  }

  private static FieldError oneError(String json, Consumer<Fields> reading) {
    Fields fields = json(json);
    reading.accept(fields);
    List<FieldError> errors = errors(fields);
    assertThat(errors).hasSize(1);
    return errors.getFirst();
  }

  private static List<FieldError> errors(Fields fields) {
    return errorsOf(fields::done);
  }

  private static List<FieldError> errorsOf(Runnable reading) {
    ProblemException e = catchThrowableOfType(ProblemException.class, reading::run);
    Object errors = Objects.requireNonNull(e.problem().extensions().get("errors"));
    return ((List<?>) errors).stream().map(FieldError.class::cast).toList();
  }
}
