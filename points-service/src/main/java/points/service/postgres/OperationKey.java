package points.service.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import points.ledger.ExternalKey;

/**
 * The 128 bits under which an external id is registered: the first half of the SHA-256 of source,
 * space and id, like {@code operation_key} in the database. Two ids that share them would be told
 * apart by the transaction or refusal that is found, which has both in full.
 */
final class OperationKey {
  private OperationKey() {}

  static UUID of(ExternalKey key) {
    String text = key.source() + ' ' + key.externalId();
    ByteBuffer hash = ByteBuffer.wrap(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    return new UUID(hash.getLong(), hash.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
