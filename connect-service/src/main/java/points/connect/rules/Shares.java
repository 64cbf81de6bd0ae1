package points.connect.rules;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Arithmetic of rewards: whole points and basis points (1/100 of a percent) only. What overflows is
 * refused, never wrapped.
 */
public final class Shares {
  private static final long BASIS_POINTS_OF_ALL = 10_000;

  private Shares() {}

  /**
   * So many basis points of an amount, rounded down.
   *
   * @param amount at least 0
   * @param basisPoints at least 0; 10 000 is all of it
   * @throws ArithmeticException for a negative argument or an overflow
   */
  public static long share(long amount, long basisPoints) {
    requireNotNegative(amount, "the amount");
    requireNotNegative(basisPoints, "basis points");
    return BigInteger.valueOf(amount)
        .multiply(BigInteger.valueOf(basisPoints))
        .divide(BigInteger.valueOf(BASIS_POINTS_OF_ALL))
        .longValueExact();
  }

  /**
   * Part {@code index} of an amount that is split evenly into {@code count} parts. The parts sum to
   * the amount exactly; the first ones are greater by one where it does not divide.
   *
   * @throws ArithmeticException for a negative amount, or no such part
   */
  public static long split(long amount, long count, long index) {
    requireNotNegative(amount, "the amount");
    if (count < 1 || index < 0 || index >= count) {
      throw new ArithmeticException("there is no part " + index + " of " + count);
    }
    return amount / count + (index < amount % count ? 1 : 0);
  }

  /**
   * Part {@code index} of an amount that is split by weights. The parts sum to the amount exactly:
   * what rounding down leaves over goes to the largest remainders, the earlier one of equals.
   *
   * @throws ArithmeticException for a negative amount or weight, only zero weights, or no such part
   */
  public static long splitByWeight(long amount, List<Long> weights, long index) {
    if (index < 0 || index >= weights.size()) {
      throw new ArithmeticException("there is no part " + index + " of " + weights.size());
    }
    return splitByWeight(amount, weights).get((int) index);
  }

  /** All parts of an amount that is split by weights, as above. */
  static List<Long> splitByWeight(long amount, List<Long> weights) {
    requireNotNegative(amount, "the amount");
    BigInteger sum = BigInteger.ZERO;
    for (long weight : weights) {
      requireNotNegative(weight, "a weight");
      sum = sum.add(BigInteger.valueOf(weight));
    }
    if (sum.signum() == 0) {
      throw new ArithmeticException("the weights are all zero");
    }
    List<Long> parts = new ArrayList<>();
    List<BigInteger> remainders = new ArrayList<>();
    long given = 0;
    for (long weight : weights) {
      BigInteger[] exact =
          BigInteger.valueOf(amount).multiply(BigInteger.valueOf(weight)).divideAndRemainder(sum);
      parts.add(exact[0].longValueExact());
      remainders.add(exact[1]);
      given += exact[0].longValueExact();
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.<Integer, BigInteger>comparing(remainders::get).reversed());
    for (int i = 0; i < amount - given; i++) {
      parts.set(order.get(i), parts.get(order.get(i)) + 1);
    }
    return parts;
  }

  private static void requireNotNegative(long value, String what) {
    if (value < 0) {
      throw new ArithmeticException(what + " must not be negative: " + value);
    }
  }
}
