package points.ledger;

/** The outcome that is remembered for ever under an external key. */
public sealed interface Recorded permits Transaction, Refusal {
  /** The key it is remembered under. */
  ExternalKey key();

  /** The account concerned. */
  AccountId account();

  /** The parameters it was decided for. */
  Request request();
}
