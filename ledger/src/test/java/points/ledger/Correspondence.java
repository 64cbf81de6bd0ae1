package points.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which id of one ledger is which of another, and everything with the one put for the other. */
final class Correspondence {
  private final Map<UUID, UUID> subjectOf = new HashMap<>();
  private final Map<UUID, UUID> modelOf = new HashMap<>();

  void learn(UUID model, UUID subject) {
    UUID before = subjectOf.put(model, subject);
    UUID back = modelOf.put(subject, model);
    if ((before != null && !before.equals(subject)) || (back != null && !back.equals(model))) {
      throw new AssertionError("two ids for one: " + before + " and " + subject);
    }
  }

  UUID toSubject(UUID id) {
    return subjectOf.getOrDefault(id, id);
  }

  private UUID toModel(UUID id) {
    return modelOf.getOrDefault(id, id);
  }

  Command toSubject(Command command) {
    return translate(command, this::toSubject);
  }

  Command toModel(Command command) {
    return translate(command, this::toModel);
  }

  ExternalKey toSubject(ExternalKey key) {
    return translate(key, this::toSubject);
  }

  private static Command translate(Command c, UnaryOperator<UUID> to) {
    Operation operation =
        switch (c.operation()) {
          case Operation.OnAccount same -> same;
          case Operation.Capture(UUID id, Long amount, boolean isFinal) ->
              new Operation.Capture(to.apply(id), amount, isFinal);
          case Operation.Release(UUID id) -> new Operation.Release(to.apply(id));
          case Operation.ExpireHold(UUID id) -> new Operation.ExpireHold(to.apply(id));
          case Operation.Refund(UUID id, Long amount) -> new Operation.Refund(to.apply(id), amount);
          case Operation.Reverse(UUID id, Long amount, ReversePolicy policy) ->
              new Operation.Reverse(to.apply(id), amount, policy);
          case Operation.Activate(UUID id) -> new Operation.Activate(to.apply(id));
          case Operation.ExpireLot(UUID id) -> new Operation.ExpireLot(to.apply(id));
        };
    return new Command(translate(c.key(), to), operation, c.reason(), c.metadata(), c.requestId());
  }

  /** The service's own keys have an id in them. */
  private static ExternalKey translate(ExternalKey key, UnaryOperator<UUID> to) {
    if (!key.source().equals(ExternalKey.SERVICE)) {
      return key;
    }
    String[] parts = key.externalId().split(":", -1);
    parts[1] = to.apply(UUID.fromString(parts[1])).toString();
    return new ExternalKey(key.source(), String.join(":", parts));
  }

  /** The subject's outcome in the model's ids, without the hash, which differs as they do. */
  Outcome toModel(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted(Transaction t) -> new Outcome.Posted(toModel(t));
      case Outcome.Replayed(Transaction t) -> new Outcome.Replayed(toModel(t));
      case Outcome.Refused(Refusal r, boolean replay) -> new Outcome.Refused(toModel(r), replay);
      case Outcome.Conflicting(List<String> differing, UUID id) ->
          new Outcome.Conflicting(differing, id == null ? null : toModel(id));
      case Outcome.HoldNotFound(UUID id) -> new Outcome.HoldNotFound(toModel(id));
      case Outcome.TransactionNotFound(UUID id) -> new Outcome.TransactionNotFound(toModel(id));
      case Outcome.NotOwner same -> same;
      case Outcome.Invalid same -> same;
      case Outcome.NothingDue same -> same;
    };
  }

  /** The model's outcome without the hash. */
  static Outcome withoutHash(Outcome outcome) {
    return new Correspondence().toModel(outcome);
  }

  static Recorded withoutHash(Recorded recorded) {
    return new Correspondence().toModel(recorded);
  }

  Recorded toModel(Recorded recorded) {
    return switch (recorded) {
      case Transaction t -> toModel(t);
      case Refusal r -> toModel(r);
    };
  }

  private Transaction toModel(Transaction t) {
    return new Transaction(
        toModel(t.id()),
        t.account(),
        t.seq(),
        translate(t.key(), this::toModel),
        toModel(t.request()),
        t.amount(),
        t.change(),
        t.balance(),
        t.counter(),
        t.counterChange(),
        toModel(t.hold()),
        t.refersTo() == null ? null : toModel(t.refersTo()),
        t.moves().stream()
            .map(m -> new LotMove(toModel(m.lotId()), m.change(), m.charged()))
            .toList(),
        t.approval(),
        t.reason(),
        t.metadata(),
        t.createdAt(),
        Hash.START);
  }

  private Refusal toModel(Refusal r) {
    Refusal.Facts facts =
        new Refusal.Facts(r.facts().available(), r.facts().remaining(), toModel(r.facts().hold()));
    return new Refusal(
        translate(r.key(), this::toModel),
        toModel(r.request()),
        r.account(),
        r.code(),
        facts,
        r.createdAt(),
        r.requestId());
  }

  private Request toModel(Request r) {
    return new Request(
        r.verb(),
        r.account(),
        r.holdId() == null ? null : toModel(r.holdId()),
        r.transactionId() == null ? null : toModel(r.transactionId()),
        r.amount(),
        r.expiresAt(),
        r.availableAt(),
        r.expiresInSeconds(),
        r.isFinal(),
        r.policy());
  }

  private @Nullable HoldState toModel(@Nullable HoldState h) {
    return h == null
        ? null
        : new HoldState(
            toModel(h.holdId()), h.status(), h.amount(), h.captured(), h.released(), h.expiresAt());
  }

  Hold toModel(Hold h) {
    HoldState state =
        new HoldState(
            toModel(h.id()),
            h.state().status(),
            h.state().amount(),
            h.state().captured(),
            h.state().released(),
            h.state().expiresAt());
    return new Hold(
        h.account(),
        h.source(),
        state,
        h.createdAt(),
        h.parcels().stream()
            .map(p -> new Parcel(p.lotId() == null ? null : toModel(p.lotId()), p.amount()))
            .toList());
  }

  Lot toModel(Lot l) {
    return new Lot(
        toModel(l.id()),
        l.account(),
        l.source(),
        l.seq(),
        l.amount(),
        l.remaining(),
        l.status(),
        l.expiresAt(),
        l.availableAt());
  }
}
