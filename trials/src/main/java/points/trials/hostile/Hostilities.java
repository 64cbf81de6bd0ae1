package points.trials.hostile;

import java.util.List;
import java.util.SplittableRandom;

/** Values that have broken services before. */
final class Hostilities {
  private Hostilities() {}

  /** Pieces of JSON, as they are written, some of which are none. */
  private static final List<String> PIECES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\" \"",
          "0",
          "-0",
          "-1",
          "1.0",
          "1.5",
          "1e3",
          "1E400",
          "1e-400",
          "1e999999999",
          "-1e-999999999",
          "1e18446744073709551616",
          "1000000000000",
          "1000000000001",
          "9007199254740991",
          "9007199254740992",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "18446744073709551616",
          "00",
          "01",
          "+1",
          ".5",
          "1.",
          "0x10",
          "NaN",
          "Infinity",
          "\"1\"",
          "\"1e3\"",
          "'1'",
          "undefined",
          "\"\\u0000\"",
          "\"a\\r\\nX-Evil: 1\\r\\n\"",
          "\"\\u001b[31mred\\u001b[0m\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u202e\\u200b\\ufeff\"",
          "\"\u00e9\u4e2d\u0301\"",
          "\"\\x\"",
          "\"\\u12\"",
          "\"\t\"",
          "\"'; DROP TABLE account; --\"",
          "\"%00\"",
          "\"%s%n%x\"",
          "\"${jndi:ldap://127.0.0.1/a}\"",
          "\"=1+1\"",
          "\"../../etc/passwd\"",
          "\"<script>alert(1)</script>\"",
          "\"{{7*7}}\"",
          "\"user:\"",
          "\"user:a:b\"",
          "\"issued:connect\"",
          "\"system:x\"",
          "\"USER:42\"",
          "\"user:42 \"",
          "\"member:\\u0130\"",
          "\"0000-01-01T00:00:00Z\"",
          "\"9999-12-31T23:59:59Z\"",
          "\"9999-12-31T23:59:60Z\"",
          "\"+294277-01-01T00:00:00Z\"",
          "\"+1000000000-12-31T23:59:59.999999999Z\"",
          "\"-1000000000-01-01T00:00:00Z\"",
          "\"-4713-11-24T00:00:00Z\"",
          "\"1970-01-01T00:00:00+23:59\"",
          "\"2026-02-30T00:00:00Z\"",
          "\"2999-12-31\"",
          "\"0000-00-00\"",
          "\"2026-11-22T18:00:00.1234567891Z\"",
          "\"00000000-0000-0000-0000-000000000000\"",
          "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
          "\"0192F0C1-7C00-7A01-8C11-000000000001\"",
          "\"{0192f0c1-7c00-7a01-8c11-000000000001}\"",
          "\"1-1-1-1-1\"",
          "{\"$ref\":\"#\"}",
          "{\"a\":1,\"a\":2}",
          "{\"__proto__\":{}}",
          "[[]]",
          "[null]",
          "[1,2,3]",
          "{\"\":\"\"}",
          "{\"a.b\":{\"c\\u0000\":1}}",
          "/* x */ 1",
          "1,",
          "1}",
          "]",
          "\"");

  /** Members that no request has. */
  private static final List<String> MEMBERS =
      List.of(
          "\"unknown\":1",
          "\"amount\":1",
          "\"external_id\":\"x\"",
          "\"source\":\"admin\"",
          "\"balance\":{}",
          "\"\":0",
          "\"amount \":1",
          "\"Amount\":1",
          "\"am\\u006funt\":7",
          "\"transaction_id\":\"0192f0c1-7c00-7a01-8c11-000000000001\"",
          "\"\\u0000\":1",
          "\"é\":1",
          "\"data_base64\":\"AA==\"",
          "\"metadata\":null",
          "\"constructor\":1",
          "\"class\":\"x\"");

  /** Parts of paths and values in queries, as sent. */
  private static final List<String> PATHS =
      List.of(
          "..",
          "\u0000",
          "a\u0000%62",
          "\u007f",
          "%2e%2e",
          "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
          "%00",
          "a%00b",
          "%",
          "%zz",
          "%2",
          "%ff",
          "%c0%af",
          "%ed%a0%80",
          "%0d%0aX-Evil:1",
          "%1b%5b31m",
          "%20",
          "+",
          "a+b",
          "é",
          "\u4e2d",
          "%F0%9F%98%80",
          "%25",
          "%2525",
          ";x=1",
          "a;b",
          "'",
          "\"",
          "<x>",
          "{x}",
          "|",
          "\\",
          "^",
          "`",
          "-1",
          "0",
          "1e3",
          "1.5",
          "999999999999999999999",
          "9223372036854775807",
          "NaN",
          "null",
          "undefined",
          "true",
          "user:42",
          "user%3a42",
          "USER:42",
          "issued:connect",
          "system:x",
          "user:",
          ":42",
          "user:..",
          "0000-01-01T00:00:00Z",
          "+294277-01-01T00:00:00Z",
          "%2B294277-01-01T00:00:00Z",
          "-1000000000-01-01T00:00:00Z",
          "2026-02-30T00:00:00Z",
          "%2B1000000000-12-31T23:59:59Z",
          "2026-11-22T18:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "1-1-1-1-1",
          "AAAA",
          "____",
          "----",
          "OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
          "LTE",
          "MA",
          "OTIyMzM3MjAzNjg1NDc3NTgwNw",
          "MS0xLTEtMS0x",
          "0.0",
          "999999999999999999.--------------------",
          "100000000000000000.00000000-0000-0000-0000-000000000000",
          "18446744073709551615-1");

  /** Values of {@code Content-Type}. */
  private static final List<String> TYPES =
      List.of(
          "text/plain",
          "application/xml",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "application/json; charset=utf-16",
          "application/json; charset=utf-8",
          "APPLICATION/JSON",
          "application/json;charset=\"utf-8\"",
          "application/json, text/plain",
          "application/json;",
          "application/jsonx",
          ";",
          "/",
          "*/*",
          "application/yaml",
          "application/cloudevents+json",
          "application/cloudevents-batch+json",
          "application/json; charset=utf-8; charset=latin1");

  /** Further headers, with their values. */
  private static final List<String> HEADERS =
      List.of(
          "X-Request-Id: \u001b[31m",
          "X-Request-Id: <script>",
          "X-Request-Id: ${jndi:ldap://x}",
          "Accept: text/csv",
          "Accept: ;",
          "Accept: text/csv;q=x",
          "Accept: */*;q=0",
          "Accept: image/png",
          "Accept-Encoding: gzip",
          "Content-Encoding: gzip",
          "Expect: 100-continue",
          "Expect: the-unexpected",
          "Authorization: Bearer",
          "Authorization: Basic YTpi",
          "Authorization: Bearer a.b.c",
          "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
          "Authorization:",
          "Upgrade: h2c",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "X-HTTP-Method-Override: DELETE",
          "X-Forwarded-For: 127.0.0.1",
          "Range: bytes=0-1",
          "If-None-Match: *",
          "ce-specversion: 1.0",
          "ce-id: \u00e9",
          "ce-data: {}",
          "ce-time: never",
          "ce-source: admin",
          "ce-type: a b",
          "ce-x-y: 1",
          "Cookie: a=b",
          "TE: trailers",
          "Max-Forwards: 0",
          "Trailer: X",
          "Idempotency-Key: 1");

  private static final List<String> METHODS =
      List.of(
          "GET",
          "POST",
          "PUT",
          "PATCH",
          "DELETE",
          "OPTIONS",
          "TRACE",
          "HEAD",
          "FOO",
          "get",
          "PROPFIND");

  private static final int DEEP = 5_000;
  private static final int LONG = 10_000;

  static String piece(SplittableRandom random) {
    return switch (random.nextInt(24)) {
      case 0 -> "\"" + "x".repeat(LONG) + "\"";
      case 1 -> "9".repeat(1 + random.nextInt(400));
      case 2 -> "[".repeat(DEEP) + "]".repeat(DEEP);
      case 3 -> "{\"a\":".repeat(20 + random.nextInt(20)) + "1" + "}".repeat(20);
      case 4 -> "\"" + "\\u0000".repeat(10) + "\"";
      case 5 -> "{\"k\":\"" + "\u4e2d".repeat(random.nextInt(2_000)) + "\"}";
      default -> any(PIECES, random);
    };
  }

  static String member(SplittableRandom random) {
    return random.nextInt(8) == 0 ? "\"" + "k".repeat(LONG) + "\":1" : any(MEMBERS, random);
  }

  static String path(SplittableRandom random) {
    return random.nextInt(16) == 0 ? "x".repeat(random.nextInt(6_000)) : any(PATHS, random);
  }

  static String type(SplittableRandom random) {
    return any(TYPES, random);
  }

  static String header(SplittableRandom random) {
    return any(HEADERS, random);
  }

  static String method(SplittableRandom random) {
    return any(METHODS, random);
  }

  private static String any(List<String> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
