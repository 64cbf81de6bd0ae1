package points.service.postgres;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

  static ByteBuf write(Recorded recorded) {
    ByteBuf out = Unpooled.buffer(USUAL_SIZE);
    switch (recorded) {
      case Transaction transaction -> write(out.writeBoolean(true), transaction);
      case Refusal refusal -> write(out.writeBoolean(false), refusal);
    }
    return out;
  }

  static Recorded read(byte[] bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    return in.readBoolean() ? transaction(in) : refusal(in);
  }

  private static void write(ByteBuf out, Transaction t) {
    write(out, t.id());
    write(out, t.account());
    out.writeLong(t.seq());
    write(out, t.key());
    write(out, t.request());
    out.writeLong(t.amount());
    write(out, t.change());
    write(out, t.balance());
    write(out, t.counter());
    out.writeLong(t.counterChange());
    orNull(out, t.hold(), RecordedBytes::write);
    orNull(out, t.refersTo(), RecordedBytes::write);
    out.writeInt(t.moves().size());
    for (LotMove move : t.moves()) {
      write(out, move.lotId());
      out.writeLong(move.change()).writeLong(move.charged());
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
    out.writeBytes(t.hash().bytes());
  }

  private static Transaction transaction(ByteBuf in) {
    return new Transaction(
        uuid(in),
        account(in),
        in.readLong(),
        key(in),
        request(in),
        in.readLong(),
        balance(in),
        balance(in),
        text(in),
        in.readLong(),
        orNull(in, RecordedBytes::hold),
        orNull(in, RecordedBytes::uuid),
        moves(in),
        orNull(in, i -> new Transaction.Approval(text(i), text(i))),
        orNull(in, RecordedBytes::text),
        orNull(in, RecordedBytes::text),
        time(in),
        hash(in));
  }

  private static List<LotMove> moves(ByteBuf in) {
    int count = in.readInt();
    List<LotMove> moves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      moves.add(new LotMove(uuid(in), in.readLong(), in.readLong()));
    }
    return moves;
  }

  private static Hash hash(ByteBuf in) {
    byte[] bytes = new byte[32];
    in.readBytes(bytes);
    return Hash.of(bytes);
  }

  private static void write(ByteBuf out, Refusal r) {
    write(out, r.key());
    write(out, r.request());
    write(out, r.account());
    out.writeByte(r.code().ordinal());
    orNull(out, r.facts().available(), ByteBuf::writeLong);
    orNull(out, r.facts().remaining(), ByteBuf::writeLong);
    orNull(out, r.facts().hold(), RecordedBytes::write);
    write(out, r.createdAt());
    orNull(out, r.requestId(), RecordedBytes::write);
  }

  private static Refusal refusal(ByteBuf in) {
    return new Refusal(
        key(in),
        request(in),
        account(in),
        CODES[in.readByte()],
        new Refusal.Facts(
            orNull(in, ByteBuf::readLong),
            orNull(in, ByteBuf::readLong),
            orNull(in, RecordedBytes::hold)),
        time(in),
        orNull(in, RecordedBytes::text));
  }

  private static void write(ByteBuf out, Request r) {
    out.writeByte(r.verb().ordinal());
    orNull(out, r.account(), RecordedBytes::write);
    orNull(out, r.holdId(), RecordedBytes::write);
    orNull(out, r.transactionId(), RecordedBytes::write);
    orNull(out, r.amount(), ByteBuf::writeLong);
    orNull(out, r.expiresAt(), RecordedBytes::write);
    orNull(out, r.availableAt(), RecordedBytes::write);
    orNull(out, r.expiresInSeconds(), ByteBuf::writeInt);
    orNull(out, r.isFinal(), ByteBuf::writeBoolean);
    orNull(out, r.policy(), (o, policy) -> o.writeByte(policy.ordinal()));
  }

  private static Request request(ByteBuf in) {
    return new Request(
        VERBS[in.readByte()],
        orNull(in, RecordedBytes::account),
        orNull(in, RecordedBytes::uuid),
        orNull(in, RecordedBytes::uuid),
        orNull(in, ByteBuf::readLong),
        orNull(in, RecordedBytes::time),
        orNull(in, RecordedBytes::time),
        orNull(in, ByteBuf::readInt),
        orNull(in, ByteBuf::readBoolean),
        orNull(in, i -> POLICIES[i.readByte()]));
  }

  private static void write(ByteBuf out, HoldState hold) {
    write(out, hold.holdId());
    out.writeByte(hold.status().ordinal());
    out.writeLong(hold.amount()).writeLong(hold.captured()).writeLong(hold.released());
    write(out, hold.expiresAt());
  }

  private static HoldState hold(ByteBuf in) {
    return new HoldState(
        uuid(in),
        HOLD_STATUSES[in.readByte()],
        in.readLong(),
        in.readLong(),
        in.readLong(),
        time(in));
  }

  private static void write(ByteBuf out, Balance b) {
    out.writeLong(b.available()).writeLong(b.held()).writeLong(b.pending()).writeLong(b.debt());
  }

  private static Balance balance(ByteBuf in) {
    return new Balance(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  private static void write(ByteBuf out, ExternalKey key) {
    write(out, key.source());
    write(out, key.externalId());
  }

  private static ExternalKey key(ByteBuf in) {
    return new ExternalKey(text(in), text(in));
  }

  private static void write(ByteBuf out, AccountId account) {
    write(out, account.name());
  }

  private static AccountId account(ByteBuf in) {
    return new AccountId(text(in));
  }

  private static void write(ByteBuf out, UUID id) {
    out.writeLong(id.getMostSignificantBits()).writeLong(id.getLeastSignificantBits());
  }

  private static UUID uuid(ByteBuf in) {
    return new UUID(in.readLong(), in.readLong());
  }

  private static void write(ByteBuf out, Instant time) {
    out.writeLong(time.getEpochSecond()).writeInt(time.getNano());
  }

  private static Instant time(ByteBuf in) {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void write(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length).writeBytes(bytes);
  }

  private static String text(ByteBuf in) {
    byte[] bytes = new byte[in.readInt()];
    in.readBytes(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> void orNull(ByteBuf out, @Nullable T value, BiConsumer<ByteBuf, T> writer) {
    out.writeBoolean(value != null);
    if (value != null) {
      writer.accept(out, value);
    }
  }

  private static <T> @Nullable T orNull(ByteBuf in, Function<ByteBuf, T> reader) {
    return in.readBoolean() ? reader.apply(in) : null;
  }
}
