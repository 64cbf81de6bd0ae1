package points.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                  | body
          ` `                                 | body
          []                                  | body
          1                                   | body
          null                                | body
          {                                   | body
          {"a":1} x                           | body
          {"a":1}{}                           | body
          {"a":1},                            | body
          {"a":1,"a":2}                       | a
          {"b":{"a":1,"a":2}}                 | b.a
          {"l":[1,{"x":1,"x":1}]}             | l[1].x
          {"a":NaN}                           | a
          {"a":Infinity}                      | a
          {"a":-Infinity}                     | a
          {"a":01}                            | a
          {"a":+1}                            | a
          {"a":.5}                            | a
          {"a":1.}                            | a
          {"a":0x10}                          | a
          {"a":1,}                            | a
          {"a":[1,]}                          | a[1]
          {a:1}                               | body
          {'a':1}                             | body
          {"a":'b'}                           | a
          {/**/"a":1}                         | body
          {"a":1}//x                          | body
          {"a":"\\u0000"}                     | a
          {"\\u0000":1}                       | ?
          {"a":"\\ud800"}                     | a
          {"a":"\\ud800\\ud800"}              | a
          {"a":"\\udc00\\ud800"}              | a
          {"a":"\\x"}                         | a
          {"a":1e401}                         | a
          {"a":1e18446744073709551616}        | a
          {"a":1e-401}                        | a
          {"a":1e999999999}                   | a
          {"a":tru}                           | a
          """)
  void refuses(String json, String field) {
    assertThat(refused(json.getBytes(StandardCharsets.UTF_8)).field()).isEqualTo(field);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    assertThat(refused(bytes("{\"a\":\"", 0xC0, 0x80, "\"}")).message()).isEqualTo("is not UTF-8");
    assertThat(refused(bytes("{\"a\":\"", 0xED, 0xA0, 0x80, "\"}")).message())
        .isEqualTo("is not UTF-8");
    assertThat(refused(bytes("", 0xEF, 0xBB, 0xBF, "{}")).message())
        .isEqualTo("starts with a byte order mark");
    for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      assertThat(refused("{\"a\":1}".getBytes(charset)).field()).isEqualTo("body");
    }
    assertThat(refused("{\"a\":\"\u0001\"}".getBytes(StandardCharsets.UTF_8)).field())
        .isEqualTo("a");
  }

  @Test
  void refusesDepthAndLongNumbers() {
    assertThat(StrictJson.parseObject(nested(32))).isNotNull();
    assertThat(refused(nested(33)).message()).contains("32 levels");
    assertThat(refused(nested(100_000)).message()).contains("32 levels");
    String digits = "9".repeat(129);
    assertThat(refused(("{\"a\":" + digits + "}").getBytes(StandardCharsets.UTF_8)).field())
        .isEqualTo("a");
  }

  @Test
  void keepsNumbersExactly() {
    String json =
        "{\"a\":[12345678901234567890123456789,1.10,0.1000000000000000055511151231257827,"
            + "9007199254740993,1E+3,9223372036854775808],\"é😀\":\"é😀\"}";
    var node = StrictJson.parseObject(json.getBytes(StandardCharsets.UTF_8));
    assertThat(FieldText.compact(node)).isEqualTo(json);
  }

  @Test
  void doesNotEchoMuchOfHostileNames() {
    String name = "\u001b[31m" + "x".repeat(5_000);
    String json = "{\"" + name.replace("\u001b", "\\u001b") + "\":1,\"b\":NaN}";
    Fields fields = Fields.ofJson(json.replace("NaN", "2").getBytes(StandardCharsets.UTF_8));
    ProblemException e = catchThrowableOfType(ProblemException.class, fields::done);
    assertThat(e.problem().toNode("r").toString()).hasSizeLessThan(700).doesNotContain("\\u001b");
  }

  private static FieldError refused(byte[] json) {
    ProblemException e =
        catchThrowableOfType(ProblemException.class, () -> StrictJson.parseObject(json));
    assertThat(e.problem().error()).isEqualTo(CommonError.INVALID_REQUEST);
    Object errors = Objects.requireNonNull(e.problem().extensions().get("errors"));
    return (FieldError) ((List<?>) errors).getFirst();
  }

  private static byte[] nested(int depth) {
    return ("{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String before, Object... rest) {
    var out = new java.io.ByteArrayOutputStream();
    out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    for (Object part : rest) {
      if (part instanceof Integer octet) {
        out.write(octet);
      } else {
        out.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }
}
