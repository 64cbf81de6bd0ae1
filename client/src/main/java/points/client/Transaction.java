package points.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as it is read. Immutable.
 *
 * @param receipt what it did
 * @param seq its place among the account's transactions, from 1, without gaps
 * @param source who asked for it, for example {@code connect}
 * @param reason null for none
 * @param metadata what was told about it; empty for nothing
 */
public record Transaction(
    Receipt receipt,
    long seq,
    String source,
    @Nullable String reason,
    Map<String, Object> metadata) {

  /** Copies the metadata. */
  public Transaction {
    metadata = Checks.copy(metadata);
  }
}
