package points.allinone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import points.kit.ApiKeys;
import points.kit.Secret;
import points.kit.SettingsException;

/**
 * The API keys of an installation's callers, in {@code credentials.json}, which only its owner can
 * read; the database knows their hashes. For curl each caller has a file too.
 */
final class Credentials {
  /** The file in the data directory. */
  static final String FILE = "credentials.json";

  /** The callers that get a key at the first start, besides those of the policy. */
  static final List<String> SOURCES =
      List.of("connect", "quest", "voucher", "rielt", "referral", "app", "admin", "approver");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());

  private final Path home;
  private final ObjectNode content;

  private Credentials(Path home, ObjectNode content) {
    this.home = home;
    this.content = content;
  }

  /**
   * Reads the keys that there are, and changes none.
   *
   * @throws SettingsException if the file is broken
   */
  static Credentials in(Path home) throws IOException {
    Path file = home.resolve(FILE);
    return new Credentials(home, Files.exists(file) ? read(file) : JSON.createObjectNode());
  }

  /**
   * Takes from others what they may do with the file.
   *
   * @return whether they could read it before
   */
  boolean closeToOthers() throws IOException {
    Path file = home.resolve(FILE);
    return Files.exists(file) && Directories.closeToOthers(file);
  }

  /**
   * Makes the keys that are missing, and sees to it that the database knows those there are.
   *
   * @param more sources that get a key besides {@link #SOURCES}
   */
  void register(ApiKeys keys, Collection<String> more) throws IOException, SQLException {
    Set<String> sources = new LinkedHashSet<>(SOURCES);
    sources.addAll(more);
    boolean added = false;
    for (String source : sources) {
      if (content.has(source)) {
        keys.accept(source, new Secret(key(source)));
      } else {
        content.putObject(source).put("api_key", keys.rotate(source).reveal());
        added = true;
      }
    }
    if (added) {
      Directories.writeSecret(
          home.resolve(FILE),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }
    writeForCurl(sources);
  }

  /** Lets another service know the keys that there are; its own policy says what each may do. */
  void accept(ApiKeys keys) throws SQLException {
    for (var entry : content.properties()) {
      String key = key(entry.getKey());
      if (ApiKeys.isKeyOf(entry.getKey(), key)) {
        keys.accept(entry.getKey(), new Secret(key));
      }
    }
  }

  /** The key of a caller, once it is registered. */
  String key(String source) {
    return content.path(source).path("api_key").asText();
  }

  private static ObjectNode read(Path file) throws IOException {
    JsonNode read;
    try {
      read = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException | CharacterCodingException e) {
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
  private void writeForCurl(Set<String> sources) throws IOException {
    Path directory = home.resolve("curl");
    Directories.create(directory);
    for (String source : sources) {
      Directories.writeSecret(
          directory.resolve(source),
          "silent\nshow-error\nheader = \"Authorization: Bearer "
              + key(source)
              + "\"\nheader = \"Content-Type: application/json\"\n");
    }
  }
}
