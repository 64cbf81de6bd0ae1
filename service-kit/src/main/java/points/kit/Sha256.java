package points.kit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4). Thread-safe. */
public final class Sha256 {
  /** A copy of one that is there costs less than asking the JDK's providers every time. */
  private static final MessageDigest FRESH = fresh();

  private Sha256() {}

  /** The 32 bytes of the text's hash, in UTF-8. */
  public static byte[] of(String text) {
    try {
      MessageDigest digest = (MessageDigest) FRESH.clone();
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own SHA-256 can be copied", e);
    }
  }

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
