package points.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The chain that makes an account's history tamper-evident: each transaction's hash is SHA-256 over
 * the hash before it and every field of the transaction, in a fixed order. Thread-safe.
 */
public final class HashChain {
  /** The first byte hashed: raise it when the fields or their order change. */
  private static final int FORMAT = 1;

  /**
   * A copy of one that is there costs less than asking the JDK's providers every time. The services
   * have the like in {@code points.kit.Sha256}, which the ledger does not depend on.
   */
  private static final MessageDigest FRESH = fresh();

  private HashChain() {}

  /** The hash of {@code transaction} (whose own {@code hash} is not looked at) after another. */
  public static Hash link(Hash previous, Transaction transaction) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.write(previous.bytes());
      write(out, transaction);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Hash.of(sha256().digest(bytes.toByteArray()));
  }

  private static MessageDigest sha256() {
    try {
      return (MessageDigest) FRESH.clone();
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

  private static void write(DataOutputStream out, Transaction t) throws IOException {
    uuid(out, t.id());
    out.writeUTF(t.account().name());
    out.writeLong(t.seq());
    out.writeUTF(t.key().source());
    out.writeUTF(t.key().externalId());
    request(out, t.request());
    out.writeLong(t.amount());
    balance(out, t.change());
    balance(out, t.balance());
    out.writeUTF(t.counter());
    out.writeLong(t.counterChange());
    hold(out, t.hold());
    uuid(out, t.refersTo());
    out.writeInt(t.moves().size());
    for (LotMove move : t.moves()) {
      uuid(out, move.lotId());
      out.writeLong(move.change());
      out.writeLong(move.charged());
    }
    text(out, t.approval() == null ? null : t.approval().maker());
    text(out, t.approval() == null ? null : t.approval().checker());
    text(out, t.reason());
    text(out, t.metadata());
    time(out, t.createdAt());
  }

  /** The parameters that are not among the transaction's own fields already. */
  private static void request(DataOutputStream out, Request r) throws IOException {
    out.writeUTF(r.verb().wire());
    text(out, r.amount() == null ? null : r.amount().toString());
    time(out, r.expiresAt());
    time(out, r.availableAt());
    text(out, Objects.toString(r.expiresInSeconds(), null));
    text(out, Objects.toString(r.isFinal(), null));
    text(out, r.policy() == null ? null : r.policy().wire());
  }

  private static void balance(DataOutputStream out, Balance b) throws IOException {
    out.writeLong(b.available());
    out.writeLong(b.held());
    out.writeLong(b.pending());
    out.writeLong(b.debt());
  }

  private static void hold(DataOutputStream out, @Nullable HoldState hold) throws IOException {
    out.writeBoolean(hold != null);
    if (hold != null) {
      uuid(out, hold.holdId());
      out.writeUTF(hold.status().wire());
      out.writeLong(hold.amount());
      out.writeLong(hold.captured());
      out.writeLong(hold.released());
      time(out, hold.expiresAt());
    }
  }

  private static void uuid(DataOutputStream out, @Nullable UUID id) throws IOException {
    out.writeLong(id == null ? 0 : id.getMostSignificantBits());
    out.writeLong(id == null ? 0 : id.getLeastSignificantBits());
  }

  private static void text(DataOutputStream out, @Nullable String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  private static void time(DataOutputStream out, @Nullable Instant time) throws IOException {
    out.writeLong(time == null ? Long.MIN_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }
}
