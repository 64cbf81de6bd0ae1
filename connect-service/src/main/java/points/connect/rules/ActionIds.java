package points.connect.rules;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The ids of RewardActions: UUIDs of version 5, so that the same event, rule, reward and
 * beneficiary have the same id on every attempt, in every process, for ever.
 */
public final class ActionIds {
  private static final UUID NAMESPACE = UUID.fromString("6f3c1b0a-7f0e-5d0b-9a52-3a1f6e0c9d41");
  private static final MessageDigest SHA1 = newSha1();

  private ActionIds() {}

  /**
   * The id of one RewardAction.
   *
   * @param source the event's
   * @param eventId the event's
   * @param rule the rule's name; its revision takes no part
   * @param rewardIndex from 0
   * @param account the beneficiary
   */
  public static UUID of(
      String source, String eventId, String rule, int rewardIndex, String account) {
    // No part can hold a NUL, so no two lists of parts make the same text.
    return named(String.join("\0", source, eventId, rule, Integer.toString(rewardIndex), account));
  }

  /** The id under which Points is asked to take back what an action gave. */
  public static UUID ofReversal(UUID action) {
    return named("reverse\0" + action);
  }

  private static UUID named(String name) {
    MessageDigest digest = digest();
    digest.update(
        ByteBuffer.allocate(16)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .flip());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
    long high = (hash.getLong() & ~0xF000L) | 0x5000L;
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static MessageDigest digest() {
    try {
      return (MessageDigest) SHA1.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own SHA-1 can be copied", e);
    }
  }

  private static MessageDigest newSha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
