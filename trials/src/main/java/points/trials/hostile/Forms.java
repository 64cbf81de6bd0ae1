package points.trials.hostile;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests whose bytes are wrong. Many end in a second request that a server must not see, because
 * by the framing it is part of the first one, or because the framing is no framing.
 */
final class Forms {
  /** What a second request asks for. Nothing has that path, so its answer is a 404. */
  static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

  /**
   * One of them.
   *
   * @param bytes in ISO 8859-1
   * @param refused whether the first answer must not be a success
   */
  record Form(String name, String bytes, boolean refused) {}

  private static final String POST = "POST /health/live HTTP/1.1\r\nHost: x\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  private Forms() {}

  /** All of them. */
  static List<Form> all() {
    List<Form> all = new ArrayList<>();
    twoFramings(all);
    encodings(all);
    lengths(all);
    chunks(all);
    lines(all);
    sizes(all);
    return all;
  }

  private static void twoFramings(List<Form> all) {
    String chunked = "Transfer-Encoding: chunked\r\n";
    String end = "0\r\n\r\n";
    for (String framings :
        List.of("Content-Length: 5\r\n" + chunked, chunked + "Content-Length: 5\r\n")) {
      // Whichever framing a proxy in front goes by, nothing after it may be taken for a request.
      all.add(new Form("length and chunks", POST + framings + "\r\n" + end + HIDDEN, true));
    }
    all.add(
        new Form(
            "a longer length and chunks",
            POST
                + "Content-Length: "
                + (5 + HIDDEN.length())
                + "\r\n"
                + chunked
                + "\r\n"
                + end
                + HIDDEN,
            true));
    all.add(
        new Form(
            "chunks in HTTP/1.0",
            "POST /health/live HTTP/1.0\r\n" + chunked + "\r\n" + end + HIDDEN,
            true));
  }

  private static void encodings(List<Form> all) {
    for (String coding :
        List.of(
            "xchunked",
            "chunkedx",
            "identity",
            "chunked, identity",
            "gzip, chunked",
            "chunked, chunked",
            "\u000bchunked",
            "chunked\u000b",
            "\"chunked\"",
            "chunked;q=1",
            "gzip",
            ",",
            "")) {
      all.add(
          new Form(
              "Transfer-Encoding: " + coding,
              POST + "Transfer-Encoding: " + coding + "\r\n\r\n" + HIDDEN,
              true));
    }
    all.add(
        new Form(
            "two codings",
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + HIDDEN,
            true));
    all.add(
        new Form(
            "a space before the colon",
            POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
            true));
  }

  private static void lengths(List<Form> all) {
    for (String length :
        List.of(
            "-1",
            "+5",
            "5,6",
            "5, 6",
            "0x5",
            "5 6",
            "1e1",
            "",
            "five",
            "99999999999999999999",
            "\u00b2")) {
      all.add(
          new Form(
              "Content-Length: " + length,
              POST + "Content-Length: " + length + "\r\n\r\n" + HIDDEN,
              true));
    }
    all.add(
        new Form(
            "two lengths",
            POST + "Content-Length: 0\r\nContent-Length: 37\r\n\r\n" + HIDDEN,
            true));
    all.add(new Form("a folded length", POST + "Content-Length: 0\r\n 37\r\n\r\n" + HIDDEN, true));
    all.add(
        new Form(
            "a request within a body",
            "GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + HIDDEN.length()
                + "\r\n\r\n"
                + HIDDEN,
            false));
    all.add(new Form("half a body", POST + JSON + "Content-Length: 100\r\n\r\n" + HIDDEN, true));
  }

  private static void chunks(List<Form> all) {
    for (String size :
        List.of(
            "ZZ",
            "-1",
            "+5",
            "0x5",
            "",
            " ",
            "5 5",
            "FFFFFFFFFFFFFFFFF",
            "7FFFFFFF",
            "80000000",
            "5_0")) {
      all.add(
          new Form(
              "chunk of size " + size,
              POST + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + HIDDEN,
              true));
    }
    String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
    all.add(new Form("a chunk that is longer", chunked + "1\r\nab\r\n0\r\n\r\n" + HIDDEN, true));
    all.add(
        new Form(
            "a long chunk extension", chunked + "1;" + "x".repeat(20_000) + "\r\na\r\n", true));
    all.add(new Form("many trailers", chunked + "0\r\n" + "X: y\r\n".repeat(5_000) + "\r\n", true));
  }

  private static void lines(List<Form> all) {
    String get = "GET /health/live HTTP/1.1\r\nHost: x\r\n";
    all.add(
        new Form("no request", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n", true));
    all.add(new Form("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u0000".repeat(40), true));
    all.add(new Form("HTTP/0.9", "GET /hidden\r\n\r\n", true));
    all.add(new Form("HTTP/3.7", "GET /health/live HTTP/3.7\r\nHost: x\r\n\r\n", true));
    all.add(new Form("no host", "GET /health/live HTTP/1.1\r\n\r\n", true));
    all.add(
        new Form("NUL in the path", "GET /health/li\u0000ve HTTP/1.1\r\nHost: x\r\n\r\n", true));
    all.add(new Form("NUL in a header", get + "A: b\u0000c\r\n\r\n", true));
    all.add(new Form("CR in a header", get + "A: b\rGET /hidden HTTP/1.1\r\n\r\n", true));
    all.add(new Form("a header without a name", get + ": x\r\n\r\n", true));
    all.add(new Form("a header with a space", get + "A b: x\r\n\r\n", true));
    all.add(
        new Form(
            "a tab before the first header",
            "GET /health/live HTTP/1.1\r\n\tHost: x\r\n\r\n",
            true));
    all.add(new Form("an upgrade", get + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", false));
    all.add(
        new Form(
            "a web socket",
            get
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            false));
    all.add(
        new Form("a tunnel", "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n" + "\u0000\u0001", true));
    all.add(new Form("half a request", "GET /health/li", true));
    all.add(new Form("half the headers", get + "X-A: b", true));
  }

  private static void sizes(List<Form> all) {
    String get = "GET /health/live HTTP/1.1\r\nHost: x\r\n";
    all.add(new Form("a long line", "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n", true));
    all.add(new Form("a long method", "X".repeat(100_000) + " / HTTP/1.1\r\n\r\n", true));
    all.add(new Form("a long header", get + "A: " + "x".repeat(100_000) + "\r\n\r\n", true));
    all.add(new Form("a long name", get + "A".repeat(100_000) + ": x\r\n\r\n", true));
    all.add(new Form("many headers", get + "A: b\r\n".repeat(10_000) + "\r\n", true));
    all.add(
        new Form(
            "a long body",
            POST + JSON + "Content-Length: 10000000\r\n\r\n" + "x".repeat(1_000_000),
            true));
    all.add(
        new Form(
            "a long body in chunks",
            POST
                + JSON
                + "Transfer-Encoding: chunked\r\n\r\n"
                + ("8000\r\n" + "x".repeat(0x8000) + "\r\n").repeat(40),
            true));
  }
}
