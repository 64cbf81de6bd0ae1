package points.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Takes events as Connect does, and tells what it took. */
final class EventReceiver implements AutoCloseable {

  /** How a receiver can misbehave towards a batch. */
  record Reply(boolean takes, int status, String body) {
    static final Reply ACCEPTED = new Reply(true, 202, "{}");

    static Reply error(int status, String code) {
      return new Reply(false, status, "{\"code\":\"" + code + "\"}");
    }
  }

  final List<JsonNode> taken = new ArrayList<>();
  final Map<String, List<Integer>> orderBySubject = new LinkedHashMap<>();
  final Set<String> headers = new HashSet<>();
  final AtomicInteger calls = new AtomicInteger();
  volatile Function<JsonNode, Reply> behaviour = batch -> Reply.ACCEPTED;
  private final Set<String> ids = new HashSet<>();
  private final HttpServer server;

  EventReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/connect/events", this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/connect");
  }

  EventSink sink() {
    return new HttpEventSink(url(), new Secret("pk_test"));
  }

  /** How many different events have arrived. */
  synchronized int distinct() {
    return ids.size();
  }

  synchronized Map<String, List<Integer>> order() {
    return Map.copyOf(orderBySubject);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.incrementAndGet();
      JsonNode batch = StrictJson.MAPPER.readTree(exchange.getRequestBody());
      Reply reply = behaviour.apply(batch);
      if (reply.takes()) {
        remember(exchange, batch);
      }
      if (reply.status() > 0) {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private synchronized void remember(HttpExchange exchange, JsonNode batch) {
    headers.add(exchange.getRequestHeaders().getFirst("Content-Type"));
    headers.add(exchange.getRequestHeaders().getFirst("Authorization"));
    for (JsonNode event : batch) {
      if (ids.add(event.get("id").asText())) {
        taken.add(event);
        orderBySubject
            .computeIfAbsent(event.get("subject").asText(), subject -> new ArrayList<>())
            .add(event.get("data").get("change").asInt());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
