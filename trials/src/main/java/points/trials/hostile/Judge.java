package points.trials.hostile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import points.service.contract.Conformance;
import points.service.contract.Exchange;

/** Says what is wrong with the answer to a hostile call. */
final class Judge {
  /** What only the inside of a service knows: classes, lines of code, SQL. */
  private static final java.util.regex.Pattern INSIDE =
      java.util.regex.Pattern.compile(
          "\\b[A-Za-z]*(Exception|Error)\\b(: |\\()|\\bat [a-z]+\\.[a-z.]+|\\.java:[0-9]|"
              + "\\b(java|points|io|com|org)(\\.[a-z]+)+\\.[A-Z][a-z]|SQLSTATE|\\bERROR: |PSQL|jdbc:");

  /**
   * What is there under other settings only, or as a file: without it no method is there either.
   */
  private static final java.util.regex.Pattern MAY_BE_MISSING =
      java.util.regex.Pattern.compile("^/(sandbox/clock|docs/[^/]*)($|[?])");

  /**
   * A request line may have 8192 bytes; a path as long as this leaves enough for the rest of it.
   */
  private static final int PATH_TAKEN = 8192 - 64;

  private Judge() {}

  /** All that is wrong; empty if nothing is. */
  static List<String> faults(Target target, Request request, Peer.Reply reply) {
    List<String> faults = new ArrayList<>();
    int status = reply.status();
    boolean isOverloaded = status == 503 || status == 429;
    if (isOverloaded && reply.header("Retry-After").isEmpty()) {
      faults.add("no Retry-After");
    }
    if (status >= 500 && status != 503) {
      faults.add("a fault of the service");
    }
    if (request.method().equals("HEAD")) {
      // Not in the documents: wherever GET is, without the body.
      return faults;
    }
    boolean isProblem = status >= 400;
    if (isProblem && INSIDE.matcher(reply.body()).find()) {
      faults.add("shows what is inside");
    }
    boolean hasControl =
        request.headers().values().stream().anyMatch(v -> v.chars().anyMatch(c -> c < ' '));
    if (status == 400 && (hasControl || isMalformed(path(request)) || !isVisible(request.path()))) {
      return faults; // whatever the path would have been
    }
    if (status == 413 && request.path().length() > PATH_TAKEN) {
      return faults; // it was not looked at
    }
    faults.addAll(Conformance.faults(target.api(), exchange(request, reply)));
    return faults;
  }

  private static Exchange exchange(Request request, Peer.Reply reply) {
    boolean isNowhere = reply.status() == 404 && MAY_BE_MISSING.matcher(request.path()).find();
    return new Exchange(
        request.method(),
        isNowhere ? "/nowhere" : request.path(),
        json(request),
        reply.status(),
        reply.headers(),
        reply.body());
  }

  /** The request as the schema for JSON sees it. */
  private static @Nullable String json(Request request) {
    String text = request.text();
    String type = request.headers().getOrDefault("Content-Type", "");
    if (text != null && type.toLowerCase(Locale.ROOT).startsWith("application/yaml")) {
      return JsonNodeFactory.instance.objectNode().put("yaml", text).toString();
    }
    if (isBinaryEvent(request, type)) {
      return text == null || text.isEmpty() ? "{}" : "{\"data\":" + text + "}";
    }
    return text;
  }

  /** In the binary mode of CloudEvents the body is the data alone: any JSON, or nothing at all. */
  private static boolean isBinaryEvent(Request request, String type) {
    return path(request).equals("/events")
        && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")
        && request.headers().keySet().stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("ce-"));
  }

  private static String path(Request request) {
    return request.path().split("\\?", 2)[0];
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  /** Whether a path has bytes that no path has, or its percent-encoding is wrong or hides a NUL. */
  static boolean isMalformed(String path) {
    if (!isVisible(path)) {
      return true;
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded[length++] = bytes[i];
      } else if (i + 2 < bytes.length
          && HexFormat.isHexDigit(bytes[i + 1])
          && HexFormat.isHexDigit(bytes[i + 2])) {
        decoded[length++] =
            (byte)
                (HexFormat.fromHexDigit(bytes[i + 1]) * 16 + HexFormat.fromHexDigit(bytes[i + 2]));
        i += 2;
      } else {
        return true;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(decoded, 0, length))
          .chars()
          .anyMatch(c -> c == 0);
    } catch (CharacterCodingException e) {
      return true;
    }
  }
}
