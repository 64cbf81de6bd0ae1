package points.trials.hostile;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a service's metrics say that hostile clients could drive up.
 *
 * @param connections that are open
 * @param inFlight requests that are worked on
 * @param directBytes in use outside the heap, of the whole process
 */
record Gauges(long connections, long inFlight, long directBytes) {
  private static final int PATIENCE_MILLIS = 10_000;

  /** Reads them. The asking itself is one connection and one request. */
  static Gauges of(int port) throws IOException {
    try (Peer peer = new Peer(port, PATIENCE_MILLIS)) {
      peer.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
      Peer.Reply reply = peer.read("GET");
      if (reply.status() != 200) {
        throw new IOException("no metrics: " + reply);
      }
      return of(reply.body());
    }
  }

  private static Gauges of(String text) {
    Map<String, Double> sums = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              String name = line.split("[{ ]", 2)[0];
              String kind = line.contains("id=\"direct\"") ? ".direct" : "";
              double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
              sums.merge(name + kind, value, Double::sum);
            });
    return new Gauges(
        sums.getOrDefault("http_server_connections", -1.0).longValue(),
        sums.getOrDefault("http_server_in_flight", -1.0).longValue(),
        sums.getOrDefault("jvm_buffer_memory_used_bytes.direct", -1.0).longValue());
  }
}
