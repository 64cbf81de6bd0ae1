package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import points.connect.rules.Limit.Exceeding;
import points.connect.rules.Limit.Scope;
import points.connect.rules.Limit.Unit;

class AllowancesTest {
  private static final Instant SUNDAY = Instant.parse("2026-11-22T23:59:59Z");
  private static final Instant MONDAY = Instant.parse("2026-11-23T00:00:00Z");
  private static final Reward REWARD = new Reward("", "", "r", Reward.POINTS, null, null);

  private static Award award(String account, long points) {
    return new Award(0, REWARD, account, points);
  }

  @Test
  void trimmingGivesWhatIsLeftAndSkippingNothing() {
    Limit trim = new Limit(Scope.ACCOUNT, Period.DAY, Unit.POINTS, 150, Exceeding.TRIM);
    Limit skip = new Limit(Scope.ACCOUNT, Period.DAY, Unit.POINTS, 150, Exceeding.SKIP);
    Allowances allowances = new Allowances();
    assertThat(points(allowances, "a", trim, 100)).isEqualTo(100);
    assertThat(points(allowances, "a", trim, 100)).isEqualTo(50);
    assertThat(points(allowances, "a", trim, 100)).isZero();
    assertThat(points(allowances, "b", skip, 100)).isEqualTo(100);
    assertThat(points(allowances, "b", skip, 100)).isZero();
    assertThat(points(allowances, "b", skip, 50)).isEqualTo(50);
  }

  private static long points(Allowances allowances, String rule, Limit limit, long wanted) {
    return allowances
        .grant(rule, Limits.of(List.of(limit)), award("user:1", wanted), SUNDAY)
        .points();
  }

  @Test
  void whatOneLimitRefusesCountsInNone() {
    Limit perAccount = new Limit(Scope.ACCOUNT, Period.EVER, Unit.COUNT, 1, Exceeding.SKIP);
    List<Limit> limits = List.of(perAccount, Limit.budget(100));
    Allowances allowances = new Allowances();
    assertThat(allowances.grant("r", Limits.of(limits), award("user:1", 60), SUNDAY).points())
        .isEqualTo(60);
    var again = allowances.grant("r", Limits.of(limits), award("user:1", 10), SUNDAY);
    assertThat(again.points()).isZero();
    assertThat(again.cutBy()).isEqualTo(perAccount);
    var tooMuch = allowances.grant("r", Limits.of(limits), award("user:2", 60), SUNDAY);
    assertThat(tooMuch.points()).isZero();
    assertThat(tooMuch.cutBy()).isEqualTo(Limit.budget(100));
    assertThat(allowances.grant("r", Limits.of(limits), award("user:2", 40), SUNDAY).points())
        .isEqualTo(40);
  }

  @Test
  void allowancesStartAnewWithTheirPeriod() {
    assertThat(Period.DAY.startOf(SUNDAY)).isEqualTo(LocalDate.parse("2026-11-22"));
    assertThat(Period.WEEK.startOf(SUNDAY)).isEqualTo(LocalDate.parse("2026-11-16"));
    assertThat(Period.WEEK.startOf(MONDAY)).isEqualTo(LocalDate.parse("2026-11-23"));
    assertThat(Period.MONTH.startOf(SUNDAY)).isEqualTo(LocalDate.parse("2026-11-01"));
    assertThat(Period.EVER.startOf(SUNDAY)).isEqualTo(Period.EVER.startOf(MONDAY));
    Limit weekly = new Limit(Scope.ALL, Period.WEEK, Unit.COUNT, 1, Exceeding.SKIP);
    Allowances allowances = new Allowances();
    assertThat(
            allowances.grant("r", Limits.of(List.of(weekly)), award("user:1", 1), SUNDAY).points())
        .isEqualTo(1);
    assertThat(
            allowances.grant("r", Limits.of(List.of(weekly)), award("user:2", 1), SUNDAY).points())
        .isZero();
    assertThat(
            allowances.grant("r", Limits.of(List.of(weekly)), award("user:2", 1), MONDAY).points())
        .isEqualTo(1);
  }
}
