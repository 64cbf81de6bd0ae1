package points.trials.hostile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/** Spoils calls. Not safe for use by several threads. */
final class Mutations {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Stands where something that is no JSON will be. */
  private static final String HOLE = "@@hole@@";

  private final SplittableRandom random;

  Mutations(SplittableRandom random) {
    this.random = random;
  }

  /** Another request, made of this one by one change. */
  Request mutate(Request request) {
    return switch (random.nextInt(request.body() == null ? 8 : 24)) {
      case 0 -> request.withMethod(Hostilities.method(random));
      case 1, 2 -> request.withPath(part(request.path()));
      case 3, 4 -> request.withPath(query(request.path()));
      case 5 -> header(request);
      case 6 -> header(header(request));
      case 7 -> request.withPath(escaped(request.path()));
      case 8 -> request.withHeader("Content-Type", Hostilities.type(random));
      case 9 -> request.withoutHeader("Content-Type");
      case 10, 11 -> request.withBody(bytes(body(request)));
      default -> request.withBody(json(request));
    };
  }

  private static byte[] body(Request request) {
    byte[] body = request.body();
    return body == null ? new byte[0] : body;
  }

  private Request header(Request request) {
    String[] halves = Hostilities.header(random).split(":", 2);
    return request.withHeader(halves[0], halves[1].strip());
  }

  /** Another value in place of one part of a path. */
  private String part(String path) {
    String[] halves = path.split("\\?", 2);
    String[] parts = halves[0].split("/", -1);
    String other = Hostilities.path(random);
    switch (random.nextInt(6)) {
      case 0 -> parts[parts.length - 1] += "/" + other;
      case 1 -> parts[parts.length - 1] += "/";
      case 2 -> parts[0] += "//";
      default -> parts[1 + random.nextInt(parts.length - 1)] = other;
    }
    String mutated = String.join("/", parts);
    return (mutated.startsWith("/") ? mutated : "/" + mutated)
        + (halves.length == 2 ? "?" + halves[1] : "");
  }

  private String query(String path) {
    String[] halves = path.split("\\?", 2);
    List<String> pairs = new ArrayList<>();
    if (halves.length == 2) {
      pairs.addAll(List.of(halves[1].split("&", -1)));
    }
    if (pairs.isEmpty() || random.nextInt(3) == 0) {
      String name =
          List.of("limit", "cursor", "at", "from", "x", "%00", "type").get(random.nextInt(7));
      pairs.add(name + "=" + Hostilities.path(random));
    } else {
      int i = random.nextInt(pairs.size());
      switch (random.nextInt(4)) {
        case 0 -> pairs.add(pairs.get(i));
        case 1 -> pairs.remove(i);
        default -> pairs.set(i, pairs.get(i).replaceAll("=.*", "=") + Hostilities.path(random));
      }
    }
    return pairs.isEmpty() ? halves[0] : halves[0] + "?" + String.join("&", pairs);
  }

  /** One letter of the path percent-encoded: it may mean the same, or nothing. */
  private String escaped(String path) {
    int end = path.indexOf('?') < 0 ? path.length() : path.indexOf('?');
    int at = 1 + random.nextInt(Math.max(1, end - 1));
    if (at >= end || path.charAt(at) == '%' || path.charAt(at) == '/') {
      return path;
    }
    return path.substring(0, at)
        + "%%%02x".formatted((int) path.charAt(at))
        + path.substring(at + 1);
  }

  private byte[] bytes(byte[] body) {
    if (body.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    byte[] other = body.clone();
    return switch (random.nextInt(6)) {
      case 0 -> java.util.Arrays.copyOf(body, random.nextInt(body.length));
      case 1 -> new byte[0];
      case 2 -> "x".repeat(66_000).getBytes(StandardCharsets.UTF_8);
      case 3 -> java.util.Arrays.copyOf(body, body.length + 3);
      default -> {
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
          other[random.nextInt(other.length)] = (byte) random.nextInt(256);
        }
        yield other;
      }
    };
  }

  private byte[] json(Request request) {
    byte[] body = body(request);
    try {
      JsonNode tree = JSON.readTree(body);
      if (tree == null || !tree.isContainerNode()) {
        return bytes(body);
      }
      return spoilt(tree).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      return bytes(body);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String spoilt(JsonNode tree) {
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    JsonNode chosen = containers.get(random.nextInt(containers.size()));
    switch (chosen) {
      case ObjectNode object when !object.isEmpty() -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        return spoilt(tree, object, name);
      }
      case ArrayNode array when !array.isEmpty() ->
          array.set(random.nextInt(array.size()), JSON.getNodeFactory().textNode(HOLE));
      default -> {
        return Hostilities.piece(random);
      }
    }
    return filled(tree, Hostilities.piece(random));
  }

  private String spoilt(JsonNode tree, ObjectNode object, String name) {
    switch (random.nextInt(8)) {
      case 0 -> {
        object.remove(name);
        return tree.toString();
      }
      case 1 -> {
        object.put(HOLE, 1);
        return tree.toString().replace("\"" + HOLE + "\":1", Hostilities.member(random));
      }
      case 2 -> {
        String twice = "\"" + name + "\":" + object.get(name);
        object.put(HOLE, 1);
        return tree.toString().replace("\"" + HOLE + "\":1", twice);
      }
      default -> {
        object.put(name, HOLE);
        return filled(tree, Hostilities.piece(random));
      }
    }
  }

  private static String filled(JsonNode tree, String piece) {
    return tree.toString().replaceFirst("\"" + HOLE + "\"", Matcher.quoteReplacement(piece));
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
