package points.allinone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import points.kit.ApiKeys;
import points.kit.Secret;
import points.kit.SettingsException;

/**
 * The API keys of an installation's callers, in {@code credentials.json}, which only its owner can
 * read; the database knows their hashes. For curl each caller has a file too.
 */
final class Credentials {
  /** The callers that get a key at the first start. */
  static final List<String> SOURCES = List.of("connect", "quest", "voucher", "rielt", "admin");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Credentials() {}

  /**
   * Makes the keys that are missing, and sees to it that the database knows those that are there.
   *
   * @throws SettingsException if the file is broken; nothing is changed then
   */
  static void ensure(Path home, ApiKeys keys) throws IOException, SQLException {
    Path file = home.resolve("credentials.json");
    ObjectNode credentials = read(file);
    boolean added = false;
    for (String source : SOURCES) {
      String key = credentials.path(source).path("api_key").asText();
      if (key.isEmpty()) {
        credentials.putObject(source).put("api_key", keys.rotate(source).reveal());
        added = true;
      } else {
        keys.accept(source, new Secret(key));
      }
    }
    if (added) {
      Directories.writeSecret(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(credentials) + "\n");
    }
    writeForCurl(home.resolve("curl"), credentials);
  }

  private static ObjectNode read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    JsonNode read;
    try {
      read = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw broken(file, "is not JSON");
    }
    if (!(read instanceof ObjectNode credentials)) {
      throw broken(file, "is not a JSON object");
    }
    for (String source : SOURCES) {
      String key = credentials.path(source).path("api_key").asText();
      if (credentials.has(source) && !ApiKeys.isKeyOf(source, key)) {
        throw broken(file, "has no API key of " + source + " under " + source + ".api_key");
      }
    }
    return credentials;
  }

  private static SettingsException broken(Path file, String how) {
    return new SettingsException(
        file + " " + how + "; mend it, or move it away and new keys are made.");
  }

  /** With these a key is on no command line, where others could read it: {@code curl -K file}. */
  private static void writeForCurl(Path directory, ObjectNode credentials) throws IOException {
    Directories.create(directory);
    for (String source : SOURCES) {
      String key = credentials.path(source).path("api_key").asText();
      Directories.writeSecret(
          directory.resolve(source),
          "silent\nshow-error\nheader = \"Authorization: Bearer "
              + key
              + "\"\nheader = \"Content-Type: application/json\"\n");
    }
  }
}
