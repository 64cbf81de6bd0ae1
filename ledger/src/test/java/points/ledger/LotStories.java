package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Lots and their expiry. */
interface LotStories extends StoryTeller {
  @Test
  default void aLotExpires() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        credit c2 user:1 20 expires=+1d
        credit c3 user:1 30
        expiring user:1                         -> 30
        debit  d1 user:1 4
        at +1d-1us
        due                                     -> nothing
        expire_lot $c1 5                        -> nothing_due
        at +1d
        due                                     -> expire_lot c1 6, expire_lot c2 20 | 30 0 0 0
        lots   user:1                           -> c1 expired 0, c2 expired 0
        expiring user:1                         -> 0
        due                                     -> nothing
        expire_lot $c1 99                       -> nothing_due
        expire_lot $c3 99                       -> nothing_due
        expire_lot $nothing 99                  -> nothing_due
        """);
  }

  @Test
  default void aLotThatIsSpentNeedsNoExpiry() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        debit  d1 user:1 10
        at +2d
        due                                     -> nothing
        lots   user:1                           -> c1 open 0
        """);
  }

  @Test
  default void theServiceMayAskTwice() {
    tell(
        """
        credit c1 user:1 10 expires=+1d
        at +1d
        expire_lot $c1 2                        -> ok 10
        expire_lot $c1 2                        -> again 10
        expire_lot $c1 3                        -> nothing_due
        history user:1                          -> credit 10, expire_lot 10
        """);
  }

  @Test
  default void aLotExpiresAsOftenAsPointsComeBack() {
    tell(
        """
        credit c1 user:1 30 expires=+1h
        hold   h1 user:1 10 ttl=7200
        hold   h2 user:1 10 ttl=10800
        at +1h
        due                                     -> expire_lot c1 10 | 0 20 0 0
        at +2h
        due                                     -> expire_hold h1 10 | 0 10 0 0
        capture k1 $h2                          -> ok 10
        refund f1 $k1 4                         -> ok | 4 0 0 0
        refund f2 $k1 6                         -> ok | 6 0 0 0
        balance user:1                          -> ok | 0 0 0 0
        lots   user:1                           -> c1 expired 0
        reverse v1 $c1                          -> already_reversed remaining=0
        """);
  }

  @Test
  default void dueTellsNoMoreThanAsked() {
    tell(
        """
        credit c1 user:1 1 expires=+1d
        credit c2 user:1 1 expires=+1d
        credit c3 user:1 1 expires=+1d
        hold   h1 user:1 1 ttl=1
        at +1h
        due 1                                   -> expire_hold h1 1
        at +1d
        due 2                                   |  1 0 0 0
        due 2                                   |  0 0 0 0
        due                                     -> nothing
        """);
  }

  /** The number in its key tells a lot's expiries apart: that of the account's next transaction. */
  @Test
  default void aDueExpiryIsNamedAfterTheAccountsNextTransaction() {
    tell(
        """
        credit c1 user:1 1 expires=+1d
        credit c2 user:1 1
        at +1d
        """);
    AccountId user = new AccountId("user:1");
    UUID lot = ledger().lots(user).getFirst().id();
    assertThat(ledger().due(10)).containsExactly(Command.expireLot(lot, 3));
  }

  @Test
  default void timeNeverRunsBackwardsOnAnAccount() {
    tell(
        """
        at +2h
        credit c1 user:1 10 expires=+9h
        at +1h
        debit  d1 user:1 1                      -> ok | 9 0 0 0
        credit c2 user:1 10 expires=+2h         -> invalid expires_at
        credit c3 user:1 10 available=+2h       -> ok | 19 0 0 0
        hold   h1 user:1 5 ttl=60               -> ok | 14 5 0 0
        credit c4 user:2 10 expires=+1h+1us     -> ok | 10 0 0 0
        at +2h+60s-1us
        capture k1 $h1 1 final=false            -> ok
        at +2h+60s
        capture k2 $h1                          -> hold_not_active expired 5/1/4
        at +10h
        debit  d2 user:1 9                      -> ok
        at +8h
        debit  d3 user:1 2                      -> insufficient_points available=1
        """);
  }

  @Test
  default void whatLapsedOnceStaysLapsedWhenTheClockGoesBack() {
    tell(
        """
        credit c1 user:1 10 expires=+2h
        at +3h
        credit c2 user:1 1
        at +1h
        debit  d1 user:1 2                      -> insufficient_points available=1
        expire_lot $c1 3                        -> ok 10 | 1 0 0 0
        """);
  }

  @Test
  default void manyLotsAreSpentInOrder() {
    StringBuilder script = new StringBuilder();
    for (int i = 1; i <= 100; i++) {
      script.append("credit c%d user:1 10 expires=+%dh%n".formatted(i, 1 + i * 37 % 101));
    }
    script.append("debit d1 user:1 995 -> ok | 5 0 0 0\n");
    script.append("debit d2 user:1 6 -> insufficient_points available=5\n");
    script.append("refund f1 $d1 -> ok 995 | 1000 0 0 0\n");
    script.append("expiring user:1 -> 1000\n");
    script.append("debit d3 user:1 1000 -> ok | 0 0 0 0\n");
    tell(script.toString());
  }
}
