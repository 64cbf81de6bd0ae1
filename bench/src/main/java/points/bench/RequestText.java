package points.bench;

import java.nio.charset.StandardCharsets;

/** Writes requests as they go over the wire. Stateless. */
final class RequestText {
  private RequestText() {}

  /** A request with a JSON body of ASCII characters. */
  static byte[] post(String path, String apiKey, String body) {
    return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n")
        .concat("Authorization: Bearer " + apiKey + "\r\nContent-Type: application/json\r\n")
        .concat("Content-Length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A request without a body. */
  static byte[] get(String path, String apiKey) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n")
        .concat("Authorization: Bearer " + apiKey + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes a number of so many digits, with zeros in front. */
  static void digits(byte[] bytes, int at, int count, long number) {
    long rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
