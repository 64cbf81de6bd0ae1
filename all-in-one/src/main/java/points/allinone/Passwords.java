package points.allinone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/**
 * The passwords of the embedded PostgreSQL: random, made at the first start, kept in a file that
 * only its owner can read.
 *
 * @param superuser of the role that PostgreSQL was initialised with
 * @param owner of the role that owns the database and that the service connects as
 */
record Passwords(String superuser, String owner) {
  static final String SUPERUSER = "postgres";
  private static final String FILE = "postgres.passwords";

  /** Where they are in {@code home}. */
  static Path file(Path home) {
    return home.resolve(FILE);
  }

  /** Whether there are any in {@code home}. */
  static boolean areIn(Path home) {
    return Files.exists(file(home));
  }

  /** The passwords in {@code home}, made if there are none. */
  static Passwords in(Path home) throws IOException {
    Path file = file(home);
    if (Files.exists(file)) {
      return read(file);
    }
    Passwords made = new Passwords(random(), random());
    String text = "superuser=" + made.superuser + "\nowner=" + made.owner + "\n";
    Directories.writeSecret(file, text);
    return made;
  }

  private static Passwords read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    String superuser = properties.getProperty("superuser");
    String owner = properties.getProperty("owner");
    if (superuser == null || owner == null) {
      throw new IOException(file + " does not have the passwords of PostgreSQL; restore it");
    }
    return new Passwords(superuser, owner);
  }

  private static String random() {
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** The address of the service's database, with its password. */
  String url(int port) {
    return "postgresql://points:" + owner + "@127.0.0.1:" + port + "/points";
  }

  @Override
  public String toString() {
    return "Passwords[hidden]";
  }
}
