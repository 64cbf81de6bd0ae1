package points.client;

import java.util.Map;

/**
 * Something to do to an account. It is done at most once: its external id names it, within the
 * caller's source and across all kinds of operations, for ever. Immutable.
 */
public sealed interface Operation permits Credit, Debit, Hold, Capture, Release, Refund, Reverse {

  /** What names it: 1 to 128 visible ASCII characters, compared byte for byte. */
  String externalId();

  /**
   * What is told about it, for people and reports; empty for nothing. Values are what Jackson
   * writes as JSON; at most 4096 bytes and 8 levels, which the service checks.
   */
  Map<String, Object> metadata();
}
