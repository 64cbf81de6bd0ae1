package points.connect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import points.connect.events.EventSchemas;

class CelEventTest {
  @Test
  void expressionsReadAskForAndPassOnTheEvent() {
    CheckedRule rule =
        new RuleReader(EventSchemas.shipped().types())
            .kept(
                """
            name: host
            event: rielt.booking_paid
            when: '[event].all(e, e.amount_paid >= 10) && event == event && has(event.host_id)'
            rewards: [{to: '"user:" + event.host_id', points: event.amount_paid, reason: r}]
            """);
    assertThat(rule.apply(booking(Map.of("amount_paid", 10L, "host_id", "7"))))
        .isInstanceOfSatisfying(
            Verdict.Matched.class,
            matched ->
                assertThat(matched.awards())
                    .extracting(Award::account, Award::points)
                    .containsExactly(tuple("user:7", 10L)));
    assertThat(rule.apply(booking(Map.of("amount_paid", 10L))))
        .isEqualTo(
            new Verdict.NotMatched(
                "has(event.host_id)", Collections.singletonMap("host_id", null)));
    assertThat(rule.apply(booking(Map.of("host_id", "7"))))
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            failed -> assertThat(failed.reason()).contains("a field that the event does not have"));
  }

  private static Event booking(Map<String, Object> data) {
    return new Event("rielt", "1", "rielt.booking_paid", Instant.EPOCH, data);
  }
}
