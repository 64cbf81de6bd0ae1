package points.service.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/**
 * What callers were told, and what it must sum to. Calls are repeated with the same external id
 * until their outcome is known. Safe for use by many threads.
 */
final class Journal {
  /** A call whose outcome is known. */
  record Known(ApiClient client, String path, Map<String, Object> body, int status, String text) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Long> available = new ConcurrentHashMap<>();
  private final Map<String, Long> held = new ConcurrentHashMap<>();
  private final AtomicLong unknown = new AtomicLong();

  /**
   * Calls until the outcome is known, and keeps it.
   *
   * @param availableChange what it does to the account if it succeeds
   */
  Answer call(
      ApiClient client,
      String path,
      Map<String, Object> body,
      String account,
      long availableChange,
      long heldChange) {
    Answer answer = untilKnown(client, path, body);
    Known now = new Known(client, path, body, firstStatus(answer), answer.text());
    Known before = known.putIfAbsent(String.valueOf(body.get("external_id")), now);
    if (before != null) {
      assertThat(answer.text()).as("a repeat of %s", before).isEqualTo(before.text());
      assertThat(answer.isReplay()).isTrue();
    } else if (answer.status() < 300) {
      available.merge(account, availableChange, Long::sum);
      held.merge(account, heldChange, Long::sum);
    }
    return answer;
  }

  private static int firstStatus(Answer answer) {
    return answer.status() == 200 ? 201 : answer.status();
  }

  private Answer untilKnown(ApiClient client, String path, Map<String, Object> body) {
    long giveUp = System.nanoTime() + 30_000_000_000L;
    while (true) {
      try {
        Answer answer = client.post(path, body);
        if (answer.status() != 503) {
          assertThat(answer.status()).as(answer.text()).isIn(200, 201, 422);
          return answer;
        }
        assertThat(answer.header("Retry-After")).isPresent();
      } catch (UncheckedIOException e) {
        assertThat(System.nanoTime()).as("still unknown: %s", e).isLessThan(giveUp);
      }
      unknown.incrementAndGet();
      assertThat(System.nanoTime()).as("still unknown: %s", body).isLessThan(giveUp);
      pause(20);
    }
  }

  /** How many calls ended without a known outcome, and were repeated. */
  long unknown() {
    return unknown.get();
  }

  int size() {
    return known.size();
  }

  long succeeded() {
    return known.values().stream().filter(k -> k.status() == 201).count();
  }

  /** Every known outcome is there, once, as it was told; and nothing else is. */
  void assertKept(Books books) {
    known.values().parallelStream()
        .forEach(
            k -> {
              Answer again = k.client().post(k.path(), k.body());
              assertThat(again.isReplay()).as(k.toString()).isTrue();
              assertThat(again.text()).isEqualTo(k.text());
              assertThat(firstStatus(again)).isEqualTo(k.status());
            });
    assertThat(books.number("SELECT count(*) FROM transaction")).isEqualTo(succeeded());
    assertThat(books.number("SELECT count(*) FROM operation")).isEqualTo(size());
    assertThat(books.number("SELECT count(*) FROM refusal")).isEqualTo(size() - succeeded());
    available.forEach(
        (account, sum) ->
            assertThat(
                    books.text(
                        "SELECT available || ' ' || held FROM account WHERE account = '%s'"
                            .formatted(account)))
                .as(account)
                .isEqualTo(sum + " " + held.get(account)));
    books.assertSound();
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
