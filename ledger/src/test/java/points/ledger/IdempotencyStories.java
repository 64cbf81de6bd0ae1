package points.ledger;

import org.junit.jupiter.api.Test;

/** One effect per external id, and the same answer for ever. */
interface IdempotencyStories extends StoryTeller {
  @Test
  default void everyVerbIsRepeatedWithoutAnEffect() {
    tell(
        """
        credit c1 user:1 100                    -> ok | 100 0 0 0
        credit c1 user:1 100                    -> again | 100 0 0 0
        debit  d1 user:1 10                     -> ok | 90 0 0 0
        debit  d1 user:1 10                     -> again | 90 0 0 0
        hold   h1 user:1 20                     -> ok | 70 20 0 0
        hold   h1 user:1 20                     -> again | 70 20 0 0
        hold   h2 user:1 20                     -> ok | 50 40 0 0
        capture k1 $h1 5 final=false            -> ok | 50 35 0 0
        capture k1 $h1 5 final=false            -> again | 50 35 0 0
        capture k2 $h1                          -> ok 15 | 50 20 0 0
        capture k2 $h1                          -> again 15 | 50 20 0 0
        release r1 $h2                          -> ok 20 | 70 0 0 0
        release r1 $h2                          -> again 20 | 70 0 0 0
        refund f1 $d1                           -> ok 10 | 80 0 0 0
        refund f1 $d1                           -> again 10 | 80 0 0 0
        reverse v1 $c1 30                       -> ok | 50 0 0 0
        reverse v1 $c1 30                       -> again | 50 0 0 0
        adjust a1 user:1 -5                     -> ok | 45 0 0 0
        adjust a1 user:1 -5                     -> again | 45 0 0 0
        credit c1 user:1 100                    -> again | 100 0 0 0
        balance user:1                          -> ok | 45 0 0 0
        """);
  }

  @Test
  default void aRepetitionIsAnsweredLongAfterItCouldBeDone() {
    tell(
        """
        credit c1 user:1 100 expires=+1h available=+1s
        at +1s
        due
        hold   h1 user:1 20 ttl=60
        capture k1 $h1 20
        debit  d1 user:1 80                     -> ok | 0 0 0 0
        at +9d
        credit c1 user:1 100 expires=+1h available=+1s -> again | 0 0 100 0
        hold   h1 user:1 20 ttl=60              -> again | 80 20 0 0
        capture k1 $h1 20                       -> again | 80 0 0 0
        debit  d1 user:1 80                     -> again | 0 0 0 0
        """);
  }

  @Test
  default void reasonAndMetadataTakeNoPart() {
    tell(
        """
        credit c1 user:1 100 reason=bonus metadata={"a":1} -> ok
        credit c1 user:1 100 reason=other metadata={"b":2} -> again
        debit  d1 user:1 200 reason=one         -> insufficient_points available=100
        debit  d1 user:1 200 reason=two         -> again insufficient_points available=100
        """);
  }

  @Test
  default void aConflictNamesEveryFieldThatDiffers() {
    tell(
        """
        credit c1 user:1 100 expires=+9d available=+1d -> ok | 0 0 100 0
        credit c1 user:1 101 expires=+9d available=+1d -> conflict amount of=c1
        credit c1 user:2 100 expires=+9d available=+1d -> conflict account of=c1
        credit c1 user:1 100 expires=+8d available=+1d -> conflict expires_at of=c1
        credit c1 user:1 100 available=+1d             -> conflict expires_at of=c1
        credit c1 user:1 100 expires=+9d available=+2d -> conflict available_at of=c1
        credit c1 user:1 100 expires=+9d               -> conflict available_at of=c1
        credit c1 user:2 1          -> conflict account,amount,expires_at,available_at of=c1
        credit c2 user:1 100                           -> ok | 100 0 100 0
        hold   h1 user:1 10 ttl=60                     -> ok
        hold   h2 user:1 10 ttl=60                     -> ok
        hold   h1 user:1 10 ttl=61                     -> conflict expires_in of=h1
        hold   h1 user:1 11 ttl=60                     -> conflict amount of=h1
        hold   h1 user:3 11 ttl=1                      -> conflict account,amount,expires_in of=h1
        capture k1 $h1 5 final=false                   -> ok
        capture k1 $h2 5 final=false                   -> conflict hold_id of=k1
        capture k1 $h1 5 final=true                    -> conflict final of=k1
        capture k1 $h1 6 final=false                   -> conflict amount of=k1
        capture k1 $h1 final=false                     -> conflict amount of=k1
        release r1 $h2                                 -> ok 10
        release r1 $h1                                 -> conflict hold_id of=r1
        debit  d1 user:1 10                            -> ok
        debit  d2 user:1 10                            -> ok
        debit  d1 user:1 11                            -> conflict amount of=d1
        debit  d1 user:2 10                            -> conflict account of=d1
        refund f1 $d1 5                                -> ok
        refund f1 $d2 5                                -> conflict transaction_id of=f1
        refund f1 $d1                                  -> conflict amount of=f1
        reverse v1 $c2 5 policy=debt                   -> ok
        reverse v1 $c2 5 policy=reject                 -> conflict policy of=v1
        reverse v1 $c2 6 policy=debt                   -> conflict amount of=v1
        reverse v1 $c1 5 policy=debt                   -> conflict transaction_id of=v1
        adjust a1 user:1 5                             -> ok
        adjust a1 user:1 -5                            -> conflict amount of=a1
        adjust a1 user:2 5                             -> conflict account of=a1
        """);
  }

  /** What was left out and what was written out are different requests, though of one effect. */
  @Test
  default void aDefaultWrittenOutDiffersFromOneLeftOut() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        capture k1 $h1                                 -> ok 10
        capture k1 $h1 10                              -> conflict amount of=k1
        debit  d1 user:1 10
        refund f1 $d1                                  -> ok 10
        refund f1 $d1 10                               -> conflict amount of=f1
        reverse v1 $c1                                 -> insufficient_points available=90
        reverse v1 $c1 100                             -> conflict amount
        """);
  }

  @Test
  default void oneIdAcrossVerbsIsAConflict() {
    tell(
        """
        credit c1 user:1 100 source=quest
        debit  x  user:1 10                            -> ok
        hold   x  user:1 10                            -> conflict verb,expires_in of=x
        credit x  user:1 10 source=quest               -> conflict verb of=x
        adjust x  user:1 10 source=quest               -> conflict verb of=x
        hold   h1 user:1 10
        capture x $h1                  -> conflict verb,account,hold_id,amount,final of=x
        release x $h1                                  -> conflict verb,account,hold_id,amount of=x
        refund x $x 10                                 -> conflict verb,account,transaction_id of=x
        reverse x $c1 10 source=quest       -> conflict verb,account,transaction_id,policy of=x
        debit  x  user:1 10                            -> again
        """);
  }

  @Test
  default void oneIdAcrossSourcesIsTwoOperations() {
    tell(
        """
        credit c1 user:1 100
        debit  x  user:1 10 source=quest               -> ok | 90 0 0 0
        debit  x  user:1 10 source=voucher             -> ok | 80 0 0 0
        debit  x  user:1 20 source=rielt               -> ok | 60 0 0 0
        debit  x  user:1 10 source=quest               -> again | 90 0 0 0
        debit  x  user:1 10 source=voucher             -> again | 80 0 0 0
        """);
  }

  @Test
  default void idsAreComparedByteForByte() {
    tell(
        """
        credit c1 user:1 100
        debit  x  user:1 1                             -> ok | 99 0 0 0
        debit  X  user:1 1                             -> ok | 98 0 0 0
        debit  x. user:1 1                             -> ok | 97 0 0 0
        debit  'x' user:1 1                            -> ok | 96 0 0 0
        debit  %78 user:1 1                            -> ok | 95 0 0 0
        """);
  }

  @Test
  default void accountsAreNotFoldedEither() {
    tell(
        """
        credit c1 user:a 100                           -> ok | 100 0 0 0
        credit c2 user:A 50                            -> ok | 50 0 0 0
        debit  d1 user:A 51                            -> insufficient_points available=50
        """);
  }

  @Test
  default void aRefusalIsRememberedAfterATopUp() {
    tell(
        """
        debit  d1 user:1 10                            -> insufficient_points available=0
        credit c1 user:1 100
        debit  d1 user:1 10                            -> again insufficient_points available=0 | 100 0 0 0
        debit  d1 user:1 11                            -> conflict amount
        hold   d1 user:1 10                            -> conflict verb,expires_in
        debit  d2 user:1 10                            -> ok | 90 0 0 0
        """);
  }

  @Test
  default void everyRefusalIsRemembered() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10
        hold   h2 user:1 10
        debit  d1 user:1 10
        capture k1 $h1 11                              -> capture_exceeds_hold remaining=10
        refund f1 $d1 11                               -> refund_exceeds_charge remaining=10
        reverse v1 $c1 101                             -> limit_exceeded remaining=100
        reverse v2 $c1                                 -> insufficient_points available=70
        release r1 $h2                                 -> ok 10
        capture k2 $h2                                 -> hold_not_active released 10/0/10
        freeze user:1
        debit  d2 user:1 1                             -> account_frozen
        thaw user:1
        reverse v3 $c1 80
        credit c2 user:1 100
        reverse v4 $c1 20
        reverse v5 $c1                                 -> already_reversed remaining=0
        capture k1 $h1 11                              -> again capture_exceeds_hold remaining=10
        capture k3 $h1 4                               -> ok
        capture k1 $h1 11                              -> again capture_exceeds_hold remaining=10
        refund f1 $d1 11                               -> again refund_exceeds_charge remaining=10
        reverse v1 $c1 101                             -> again limit_exceeded remaining=100
        reverse v2 $c1                                 -> again insufficient_points available=70
        capture k2 $h2                                 -> again hold_not_active released 10/0/10
        debit  d2 user:1 1                             -> again account_frozen
        reverse v5 $c1                                 -> again already_reversed remaining=0
        """);
  }

  @Test
  default void aRefusedCaptureStaysRefusedWithTheHoldAsItWasThen() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10 ttl=60
        at +60s
        capture k1 $h1                                 -> hold_not_active expired 10/0/10
        due                                            -> expire_hold h1 10
        capture k1 $h1                                 -> again hold_not_active expired 10/0/10
        capture k1 $h1 10                              -> conflict amount
        """);
  }

  @Test
  default void whatIsNotRememberedMayBeTriedAgain() {
    tell(
        """
        capture k1 $nothing                            -> hold_not_found
        refund f1 $nothing                             -> transaction_not_found
        reverse v1 $nothing                            -> transaction_not_found
        credit c1 user:1 10 expires=-1s                -> invalid expires_at
        credit c1 user:1 100                           -> ok
        hold   h1 user:1 10
        debit  d1 user:1 10
        capture k1 $h1                                 -> ok 10
        refund f1 $d1                                  -> ok 10
        reverse v1 $c1 1                               -> ok
        """);
  }

  @Test
  default void duplicatesWithinOneBatch() {
    tell(
        """
        credit c1 user:1 100
        batch
        debit  d1 user:1 60                            -> ok | 40 0 0 0
        debit  d1 user:1 60                            -> again | 40 0 0 0
        debit  d1 user:1 61                            -> conflict amount of=d1
        debit  d2 user:1 60                            -> insufficient_points available=40
        debit  d2 user:1 60                            -> again insufficient_points available=40
        debit  d2 user:1 6                             -> conflict amount
        credit c2 user:1 60                            -> ok | 100 0 0 0
        debit  d2 user:1 60                            -> again insufficient_points available=40
        credit c2 user:1 60                            -> again | 100 0 0 0
        end
        balance user:1                                 -> ok | 100 0 0 0
        """);
  }
}
