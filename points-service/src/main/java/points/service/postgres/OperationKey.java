package points.service.postgres;

import java.nio.ByteBuffer;
import java.util.UUID;
import points.kit.Sha256;
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
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(text));
    return new UUID(hash.getLong(), hash.getLong());
  }
}
