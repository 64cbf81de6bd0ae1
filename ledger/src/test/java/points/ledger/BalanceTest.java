package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Balances, and changes of them. */
final class BalanceTest {
  private static final long MOST = Long.MAX_VALUE;

  @Test
  void sumsPartByPart() {
    Balance sum = new Balance(1, 2, 3, 4).plus(new Balance(10, 20, -30, 40));
    assertThat(sum).isEqualTo(new Balance(11, 22, -27, 44));
    assertThat(sum.total()).isEqualTo(6);
    assertThat(sum.net()).isEqualTo(-38);
  }

  /** The limits keep balances far away from there; should one fail, points must not wrap around. */
  @Test
  void aSumThatDoesNotFitIsAnError() {
    List<Balance> parts =
        List.of(
            new Balance(MOST, 0, 0, 0),
            new Balance(0, MOST, 0, 0),
            new Balance(0, 0, MOST, 0),
            new Balance(0, 0, 0, MOST));
    Balance ones = new Balance(1, 1, 1, 1);
    for (Balance part : parts) {
      assertThat(part.plus(Balance.ZERO)).isEqualTo(part);
      assertThatExceptionOfType(ArithmeticException.class)
          .as(part.toString())
          .isThrownBy(() -> part.plus(ones));
    }
  }

  @Test
  void noPartOfASoundBalanceIsNegative() {
    assertThat(Balance.ZERO.isSound()).isTrue();
    assertThat(new Balance(1, 1, 1, 1).isSound()).isTrue();
    for (Balance unsound :
        List.of(
            new Balance(-1, 1, 1, 1),
            new Balance(1, -1, 1, 1),
            new Balance(1, 1, -1, 1),
            new Balance(1, 1, 1, -1))) {
      assertThat(unsound.isSound()).as(unsound.toString()).isFalse();
    }
  }
}
