package points.ledger;

import org.junit.jupiter.api.Test;

/** Hold, capture, release and the expiry of holds. */
interface HoldStories extends StoryTeller {
  @Test
  default void aHoldIsCapturedWhole() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40                     -> ok | 60 40 0 0
        look   $h1                              -> active 40/0/0 -:40
        capture k1 $h1                          -> ok 40 | 60 0 0 0
        look   $h1                              -> captured 40/40/0
        capture k2 $h1                          -> hold_not_active captured 40/40/0
        release r1 $h1                          -> hold_not_active captured 40/40/0
        """);
  }

  @Test
  default void aHoldIsReleasedWhole() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 100                    -> ok | 0 100 0 0
        release r1 $h1                          -> ok 100 | 100 0 0 0
        look   $h1                              -> released 100/0/100
        release r2 $h1                          -> hold_not_active released 100/0/100
        capture k1 $h1                          -> hold_not_active released 100/0/100
        """);
  }

  @Test
  default void aPartialCaptureReleasesTheRestUnlessToldNotTo() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40
        capture k1 $h1 10                       -> ok | 90 0 0 0
        look   $h1                              -> captured 40/10/30
        hold   h2 user:1 40                     -> ok | 50 40 0 0
        capture k2 $h2 10 final=false           -> ok | 50 30 0 0
        look   $h2                              -> active 40/10/0 -:30
        capture k3 $h2 5 final=false            -> ok | 50 25 0 0
        capture k4 $h2 26 final=false           -> capture_exceeds_hold remaining=25 | 50 25 0 0
        capture k5 $h2 20                       -> ok | 55 0 0 0
        look   $h2                              -> captured 40/35/5
        """);
  }

  @Test
  default void captureOfAllThatRemainsEndsTheHoldEvenIfNotFinal() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40
        capture k1 $h1 40 final=false           -> ok | 60 0 0 0
        look   $h1                              -> captured 40/40/0
        hold   h2 user:1 40
        capture k2 $h2 39 final=false           -> ok | 20 1 0 0
        capture k3 $h2 final=false              -> ok 1 | 20 0 0 0
        look   $h2                              -> captured 40/40/0
        """);
  }

  @Test
  default void afterPartialCapturesTheRestIsReleased() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40
        capture k1 $h1 15 final=false           -> ok | 60 25 0 0
        release r1 $h1                          -> ok 25 | 85 0 0 0
        look   $h1                              -> released 40/15/25
        refund f1 $k1                           -> ok 15 | 100 0 0 0
        """);
  }

  @Test
  default void moreThanOnHoldIsNotCaptured() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40
        capture k1 $h1 41                       -> capture_exceeds_hold remaining=40 | 60 40 0 0
        capture k2 $h1 41 final=false           -> capture_exceeds_hold remaining=40 | 60 40 0 0
        capture k3 $h1 40                       -> ok | 60 0 0 0
        """);
  }

  @Test
  default void aHoldExpires() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40 ttl=60
        hold   h2 user:1 10 ttl=61
        at +60s-1us
        due                                     -> nothing
        expire_hold $h1                         -> nothing_due
        at +60s
        capture k1 $h1                          -> hold_not_active expired 40/0/40 | 50 50 0 0
        release r1 $h1                          -> hold_not_active expired 40/0/40 | 50 50 0 0
        look   $h1                              -> active 40/0/0 -:40
        due                                     -> expire_hold h1 40 | 90 10 0 0
        look   $h1                              -> expired 40/0/40
        due                                     -> nothing
        expire_hold $h1                         -> again 40
        expire_hold $nothing                    -> nothing_due
        capture k2 $h1                          -> hold_not_active expired 40/0/40
        """);
  }

  @Test
  default void aHoldIsGoodUntilItsLastMicrosecond() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40 ttl=60
        hold   h2 user:1 40 ttl=60
        at +60s-1us
        capture k1 $h1 10 final=false           -> ok
        release r1 $h2                          -> ok 40
        at +60s
        capture k2 $h1 10                       -> hold_not_active expired 40/10/30
        due                                     -> expire_hold h1 30 | 90 0 0 0
        look   $h1                              -> expired 40/10/30
        """);
  }

  @Test
  default void theLongestAndTheShortestHold() {
    tell(
        """
        credit c1 user:1 2
        hold   h1 user:1 1 ttl=1
        hold   h2 user:1 1 ttl=31536000
        at +1s
        due                                     -> expire_hold h1 1
        at +365d-1us
        due                                     -> nothing
        at +365d
        due                                     -> expire_hold h2 1 | 2 0 0 0
        """);
  }

  @Test
  default void anEndedHoldIsNotExpired() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 10 ttl=60
        hold   h2 user:1 10 ttl=60
        capture k1 $h1
        release r1 $h2
        at +1d
        due                                     -> nothing
        expire_hold $h1                         -> nothing_due
        expire_hold $h2                         -> nothing_due
        """);
  }

  @Test
  default void aHoldSpansLotsAndGivesBackIntoEachOfThem() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        hold   h1 user:1 25                     -> ok | 5 25 0 0
        look   $h1                              -> active 25/0/0 c2:10 c1:10 -:5
        expiring user:1                         -> 0
        capture k1 $h1 12 final=false           -> ok | 5 13 0 0
        look   $h1                              -> active 25/12/0 c1:8 -:5
        moves  $k1                              -> c2 +0/10, c1 +0/2
        capture k2 $h1 3                        -> ok | 15 0 0 0
        moves  $k2                              -> c1 +5/3
        lots   user:1                           -> c1 open 5, c2 open 0
        expiring user:1                         -> 5
        """);
  }

  @Test
  default void releaseRestoresTheVeryLots() {
    tell(
        """
        credit c0 user:1 10
        credit c1 user:1 10 expires=+2d
        credit c2 user:1 10 expires=+1d
        hold   h1 user:1 25
        credit c3 user:1 10 expires=+1h
        release r1 $h1                          -> ok 25 | 40 0 0 0
        lots   user:1                           -> c1 open 10, c2 open 10, c3 open 10
        moves  $r1                              -> c2 +10/0, c1 +10/0
        expiring user:1                         -> 30
        """);
  }

  @Test
  default void whatComesBackTooLateExpiresAtOnceAsAPostingOfItsOwn() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        credit c2 user:1 10 expires=+2h
        credit c3 user:1 10 expires=+9h
        hold   h1 user:1 25 ttl=86400
        at +3h
        due                                     -> nothing
        release r1 $h1                          -> ok 25 | 30 0 0 0
        balance user:1                          -> ok | 10 0 0 0
        history user:1 -> credit 10, credit 10, credit 10, hold 25, release 25, expire_lot 10, expire_lot 10
        lots   user:1                           -> c1 expired 0, c2 expired 0, c3 open 10
        due                                     -> nothing
        release r1 $h1                          -> again 25 | 30 0 0 0
        """);
  }

  @Test
  default void aFinalCaptureLetsTheLateRestExpire() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        hold   h1 user:1 10 ttl=86400
        at +1h
        capture k1 $h1 3 final=false            -> ok | 0 7 0 0
        capture k2 $h1 3                        -> ok | 4 0 0 0
        balance user:1                          -> ok | 0 0 0 0
        history user:1                          -> credit 10, hold 10, capture 3, capture 3, expire_lot 4
        """);
  }

  @Test
  default void anExpiredHoldGivesBackIntoAnExpiredLot() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        hold   h1 user:1 6 ttl=7200
        at +1h
        due                                     -> expire_lot c1 4 | 0 6 0 0
        lots   user:1                           -> c1 expired 0
        at +2h
        due                                     -> expire_hold h1 6 | 0 0 0 0
        history user:1                          -> credit 10, hold 6, expire_lot 4, expire_hold 6, expire_lot 6
        lots   user:1                           -> c1 expired 0
        """);
  }

  @Test
  default void whatComesBackTakesTheRestOfItsLapsedLotAlong() {
    tell(
        """
        credit c1 user:1 10 expires=+1h
        hold   h1 user:1 6 ttl=7200
        at +1h
        release r1 $h1                          -> ok 6 | 10 0 0 0
        history user:1                          -> credit 10, hold 6, release 6, expire_lot 10
        due                                     -> nothing
        """);
  }

  @Test
  default void holdsOfOthersAndUnknownOnes() {
    tell(
        """
        credit c1 user:1 100
        hold   h1 user:1 40
        capture k1 $h1 source=voucher           -> not_owner | 60 40 0 0
        release r1 $h1 source=voucher           -> not_owner | 60 40 0 0
        capture k1 $nothing                     -> hold_not_found
        release r1 $nothing                     -> hold_not_found
        capture k1 $c1                          -> hold_not_found
        capture k1 $h1 source=quest             -> ok 40
        """);
  }
}
