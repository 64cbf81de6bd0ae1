package points.service.postgres;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import points.ledger.AccountId;
import points.ledger.Balance;
import points.ledger.ExternalKey;
import points.ledger.Hash;
import points.ledger.HoldState;
import points.ledger.HoldStatus;
import points.ledger.LotMove;
import points.ledger.Recorded;
import points.ledger.Refusal;
import points.ledger.Request;
import points.ledger.ReversePolicy;
import points.ledger.Transaction;
import points.ledger.Verb;

/**
 * Outcomes as bytes, for as long as the process lives: nobody else ever reads them. Each property
 * is written and read in the order of its record's components.
 */
@SuppressWarnings("EnumOrdinal") // they never leave the process
final class RecordedBytes {
  private static final int USUAL_SIZE = 384;
  private static final Verb[] VERBS = Verb.values();
  private static final HoldStatus[] HOLD_STATUSES = HoldStatus.values();
  private static final ReversePolicy[] POLICIES = ReversePolicy.values();
  private static final Refusal.Code[] CODES = Refusal.Code.values();

  private RecordedBytes() {}

  /** The bytes, from 0 to the buffer's limit. */
  static ByteBuffer write(Recorded recorded) {
    int size = USUAL_SIZE;
    while (true) {
      try {
        ByteBuffer out = ByteBuffer.allocate(size);
        write(out, recorded);
        return out.flip();
      } catch (BufferOverflowException e) {
        size *= 2; // much metadata, or many lots
      }
    }
  }

  private static void write(ByteBuffer out, Recorded recorded) {
    switch (recorded) {
      case Transaction transaction -> {
        write(out, true);
        write(out, transaction);
      }
      case Refusal refusal -> {
        write(out, false);
        write(out, refusal);
      }
    }
  }

  static Recorded read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return flag(in) ? transaction(in) : refusal(in);
  }

  private static void write(ByteBuffer out, Transaction t) {
    write(out, t.id());
    write(out, t.account());
    out.putLong(t.seq());
    write(out, t.key());
    write(out, t.request());
    out.putLong(t.amount());
    write(out, t.change());
    write(out, t.balance());
    write(out, t.counter());
    out.putLong(t.counterChange());
    orNull(out, t.hold(), RecordedBytes::write);
    orNull(out, t.refersTo(), RecordedBytes::write);
    out.putInt(t.moves().size());
    for (LotMove move : t.moves()) {
      write(out, move.lotId());
      out.putLong(move.change()).putLong(move.charged());
    }
    orNull(
        out,
        t.approval(),
        (o, approval) -> {
          write(o, approval.maker());
          write(o, approval.checker());
        });
    orNull(out, t.reason(), RecordedBytes::write);
    orNull(out, t.metadata(), RecordedBytes::write);
    write(out, t.createdAt());
    out.put(t.hash().bytes());
  }

  private static Transaction transaction(ByteBuffer in) {
    return new Transaction(
        uuid(in),
        account(in),
        in.getLong(),
        key(in),
        request(in),
        in.getLong(),
        balance(in),
        balance(in),
        text(in),
        in.getLong(),
        orNull(in, RecordedBytes::hold),
        orNull(in, RecordedBytes::uuid),
        moves(in),
        orNull(in, i -> new Transaction.Approval(text(i), text(i))),
        orNull(in, RecordedBytes::text),
        orNull(in, RecordedBytes::text),
        time(in),
        hash(in));
  }

  private static List<LotMove> moves(ByteBuffer in) {
    int count = in.getInt();
    List<LotMove> moves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      moves.add(new LotMove(uuid(in), in.getLong(), in.getLong()));
    }
    return moves;
  }

  private static Hash hash(ByteBuffer in) {
    byte[] bytes = new byte[32];
    in.get(bytes);
    return Hash.of(bytes);
  }

  private static void write(ByteBuffer out, Refusal r) {
    write(out, r.key());
    write(out, r.request());
    write(out, r.account());
    out.put((byte) r.code().ordinal());
    orNull(out, r.facts().available(), ByteBuffer::putLong);
    orNull(out, r.facts().remaining(), ByteBuffer::putLong);
    orNull(out, r.facts().hold(), RecordedBytes::write);
    write(out, r.createdAt());
    orNull(out, r.requestId(), RecordedBytes::write);
  }

  private static Refusal refusal(ByteBuffer in) {
    return new Refusal(
        key(in),
        request(in),
        account(in),
        CODES[in.get()],
        new Refusal.Facts(
            orNull(in, ByteBuffer::getLong),
            orNull(in, ByteBuffer::getLong),
            orNull(in, RecordedBytes::hold)),
        time(in),
        orNull(in, RecordedBytes::text));
  }

  private static void write(ByteBuffer out, Request r) {
    out.put((byte) r.verb().ordinal());
    orNull(out, r.account(), RecordedBytes::write);
    orNull(out, r.holdId(), RecordedBytes::write);
    orNull(out, r.transactionId(), RecordedBytes::write);
    orNull(out, r.amount(), ByteBuffer::putLong);
    orNull(out, r.expiresAt(), RecordedBytes::write);
    orNull(out, r.availableAt(), RecordedBytes::write);
    orNull(out, r.expiresInSeconds(), ByteBuffer::putInt);
    orNull(out, r.isFinal(), RecordedBytes::write);
    orNull(out, r.policy(), (o, policy) -> o.put((byte) policy.ordinal()));
  }

  private static Request request(ByteBuffer in) {
    return new Request(
        VERBS[in.get()],
        orNull(in, RecordedBytes::account),
        orNull(in, RecordedBytes::uuid),
        orNull(in, RecordedBytes::uuid),
        orNull(in, ByteBuffer::getLong),
        orNull(in, RecordedBytes::time),
        orNull(in, RecordedBytes::time),
        orNull(in, ByteBuffer::getInt),
        orNull(in, RecordedBytes::flag),
        orNull(in, i -> POLICIES[i.get()]));
  }

  private static void write(ByteBuffer out, HoldState hold) {
    write(out, hold.holdId());
    out.put((byte) hold.status().ordinal());
    out.putLong(hold.amount()).putLong(hold.captured()).putLong(hold.released());
    write(out, hold.expiresAt());
  }

  private static HoldState hold(ByteBuffer in) {
    return new HoldState(
        uuid(in), HOLD_STATUSES[in.get()], in.getLong(), in.getLong(), in.getLong(), time(in));
  }

  private static void write(ByteBuffer out, Balance b) {
    out.putLong(b.available()).putLong(b.held()).putLong(b.pending()).putLong(b.debt());
  }

  private static Balance balance(ByteBuffer in) {
    return new Balance(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  private static void write(ByteBuffer out, ExternalKey key) {
    write(out, key.source());
    write(out, key.externalId());
  }

  private static ExternalKey key(ByteBuffer in) {
    return new ExternalKey(text(in), text(in));
  }

  private static void write(ByteBuffer out, AccountId account) {
    write(out, account.name());
  }

  private static AccountId account(ByteBuffer in) {
    return new AccountId(text(in));
  }

  private static void write(ByteBuffer out, UUID id) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static UUID uuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  private static void write(ByteBuffer out, Instant time) {
    out.putLong(time.getEpochSecond()).putInt(time.getNano());
  }

  private static Instant time(ByteBuffer in) {
    return Instant.ofEpochSecond(in.getLong(), in.getInt());
  }

  private static void write(ByteBuffer out, boolean flag) {
    out.put((byte) (flag ? 1 : 0));
  }

  private static boolean flag(ByteBuffer in) {
    return in.get() == 1;
  }

  private static void write(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> void orNull(
      ByteBuffer out, @Nullable T value, BiConsumer<ByteBuffer, T> writer) {
    write(out, value != null);
    if (value != null) {
      writer.accept(out, value);
    }
  }

  private static <T> @Nullable T orNull(ByteBuffer in, Function<ByteBuffer, T> reader) {
    return flag(in) ? reader.apply(in) : null;
  }
}
