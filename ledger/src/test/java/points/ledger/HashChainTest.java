package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No field of a transaction can be changed without its hash telling. */
final class HashChainTest {
  private static final UUID ONE = UUID.fromString("0192f0c1-0000-7000-8000-000000000001");
  private static final UUID TWO = UUID.fromString("0192f0c1-0000-7000-8000-000000000002");
  private static final Instant AT = Instant.parse("2026-11-22T18:00:00.123456Z");

  /** A transaction in parts, to change one at a time. */
  private static final class Parts {
    UUID id = ONE;
    String account = "user:1";
    long seq = 3;
    String source = "quest";
    String externalId = "x";
    Verb verb = Verb.CAPTURE;
    @Nullable Long asked = 5L;
    @Nullable Instant expiresAt = AT;
    @Nullable Instant availableAt = AT;
    @Nullable Integer expiresIn = 60;
    @Nullable Boolean isFinal = true;
    @Nullable ReversePolicy policy = ReversePolicy.REJECT;
    long amount = 5;
    Balance change = new Balance(1, 2, 3, 4);
    Balance balance = new Balance(5, 6, 7, 8);
    String counter = "spent:quest";
    long counterChange = -2;
    @Nullable HoldState hold = new HoldState(ONE, HoldStatus.ACTIVE, 9, 1, 2, AT);
    @Nullable UUID refersTo = ONE;
    List<LotMove> moves = List.of(new LotMove(ONE, 1, 2));
    Transaction.@Nullable Approval approval = new Transaction.Approval("ann", "bob");
    @Nullable String reason = "why";
    @Nullable String metadata = "{}";
    Instant createdAt = AT;
    Hash previous = Hash.START;

    Hash hash() {
      return HashChain.link(
          previous,
          new Transaction(
              id,
              new AccountId(account),
              seq,
              new ExternalKey(source, externalId),
              new Request(
                  verb,
                  new AccountId(account),
                  null,
                  null,
                  asked,
                  expiresAt,
                  availableAt,
                  expiresIn,
                  isFinal,
                  policy),
              amount,
              change,
              balance,
              counter,
              counterChange,
              hold,
              refersTo,
              moves,
              approval,
              reason,
              metadata,
              createdAt,
              Hash.START));
    }
  }

  private interface Change {
    void to(Parts parts);
  }

  @Test
  void everyFieldCounts() {
    List<Change> changes =
        List.of(
            p -> {},
            p -> p.id = TWO,
            p -> p.account = "user:2",
            p -> p.seq++,
            p -> p.source = "voucher",
            p -> p.externalId = "y",
            p -> p.verb = Verb.RELEASE,
            p -> p.asked = 6L,
            p -> p.asked = null,
            p -> p.expiresAt = AT.plusNanos(1000),
            p -> p.expiresAt = null,
            p -> p.availableAt = AT.plusNanos(1000),
            p -> p.availableAt = null,
            p -> p.expiresIn = 61,
            p -> p.expiresIn = null,
            p -> p.isFinal = false,
            p -> p.isFinal = null,
            p -> p.policy = ReversePolicy.DEBT,
            p -> p.policy = null,
            p -> p.amount++,
            p -> p.change = new Balance(0, 2, 3, 4),
            p -> p.change = new Balance(1, 0, 3, 4),
            p -> p.change = new Balance(1, 2, 0, 4),
            p -> p.change = new Balance(1, 2, 3, 0),
            p -> p.balance = new Balance(0, 6, 7, 8),
            p -> p.balance = new Balance(5, 0, 7, 8),
            p -> p.balance = new Balance(5, 6, 0, 8),
            p -> p.balance = new Balance(5, 6, 7, 0),
            p -> p.counter = "spent:voucher",
            p -> p.counterChange++,
            p -> p.hold = null,
            p -> p.hold = new HoldState(TWO, HoldStatus.ACTIVE, 9, 1, 2, AT),
            p -> p.hold = new HoldState(ONE, HoldStatus.EXPIRED, 9, 1, 2, AT),
            p -> p.hold = new HoldState(ONE, HoldStatus.ACTIVE, 8, 1, 2, AT),
            p -> p.hold = new HoldState(ONE, HoldStatus.ACTIVE, 9, 0, 2, AT),
            p -> p.hold = new HoldState(ONE, HoldStatus.ACTIVE, 9, 1, 0, AT),
            p -> p.hold = new HoldState(ONE, HoldStatus.ACTIVE, 9, 1, 2, AT.plusNanos(1000)),
            p -> p.refersTo = TWO,
            p -> p.refersTo = null,
            p -> p.moves = List.of(),
            p -> p.moves = List.of(new LotMove(TWO, 1, 2)),
            p -> p.moves = List.of(new LotMove(ONE, 2, 2)),
            p -> p.moves = List.of(new LotMove(ONE, 1, 1)),
            p -> p.moves = List.of(new LotMove(ONE, 1, 2), new LotMove(TWO, 1, 2)),
            p -> p.moves = List.of(new LotMove(TWO, 1, 2), new LotMove(ONE, 1, 2)),
            p -> p.approval = null,
            p -> p.approval = new Transaction.Approval("bob", "ann"),
            p -> p.approval = new Transaction.Approval("ann", "cat"),
            p -> p.reason = "because",
            p -> p.reason = null,
            p -> p.metadata = "{ }",
            p -> p.metadata = null,
            p -> p.createdAt = AT.plusNanos(1000),
            p ->
                p.previous =
                    Hash.of(
                        "01234567890123456789012345678901".getBytes(StandardCharsets.US_ASCII)));
    List<Hash> hashes = new ArrayList<>();
    for (Change change : changes) {
      Parts parts = new Parts();
      change.to(parts);
      hashes.add(parts.hash());
    }
    assertThat(hashes).doesNotHaveDuplicates();
    assertThat(new Parts().hash()).isEqualTo(hashes.getFirst());
  }

  /** Hashes are in the database for ever: another value needs another format byte. */
  @Test
  void theFormatIsStable() {
    assertThat(new Parts().hash())
        .hasToString("55f70820646b8db80da309e865682008b18f9f89cd60dec94e979d0ed353007c");
  }

  @Test
  void aHashIs32BytesOfItsOwn() {
    byte[] bytes = new byte[32];
    Hash hash = Hash.of(bytes);
    bytes[0] = 1;
    hash.bytes()[1] = 1;
    assertThat(hash).isEqualTo(Hash.START).hasSameHashCodeAs(Hash.START);
    assertThat(hash).hasToString("0".repeat(64));
    assertThat(hash).isNotEqualTo(Hash.of(bytes));
    assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[31]));
    assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[33]));
  }
}
