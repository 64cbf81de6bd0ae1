package points.service.faults;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import points.service.contract.Answer;
import points.service.contract.ApiClient;

/** One caller's mixed calls on a few accounts, a fifth of them repeated. */
final class Load {
  private final Journal journal;
  private final ApiClient connect;
  private final ApiClient quest;
  private final SplittableRandom random;
  private final String name;
  private final int accounts;
  private int serial;

  Load(
      Journal journal,
      ApiClient connect,
      ApiClient quest,
      SplittableRandom random,
      String name,
      int accounts) {
    this.journal = journal;
    this.connect = connect;
    this.quest = quest;
    this.random = random;
    this.name = name;
    this.accounts = accounts;
  }

  void until(AtomicBoolean stop) {
    while (!stop.get()) {
      once();
    }
  }

  private void once() {
    String account = "user:" + random.nextInt(accounts);
    int amount = 1 + random.nextInt(50);
    switch (random.nextInt(4)) {
      case 0, 1 -> post(connect, "/internal/credit", moving(account, amount), account, amount, 0);
      case 2 -> post(quest, "/internal/debit", moving(account, amount), account, -amount, 0);
      default -> hold(account, amount);
    }
  }

  private void hold(String account, int amount) {
    Answer hold = post(quest, "/internal/hold", moving(account, amount), account, -amount, amount);
    if (hold.status() < 300 && random.nextInt(4) > 0) {
      String id = hold.text("hold/hold_id");
      if (random.nextBoolean()) {
        post(quest, "/internal/capture", ending(id), account, 0, -amount);
      } else {
        post(quest, "/internal/release", ending(id), account, amount, -amount);
      }
    }
  }

  private Map<String, Object> moving(String account, int amount) {
    return Map.of(
        "account", account, "amount", amount, "external_id", id(), "reason", "fault-test");
  }

  private Map<String, Object> ending(String holdId) {
    return Map.of("hold_id", holdId, "external_id", id());
  }

  private String id() {
    return name + "-" + serial++;
  }

  private Answer post(
      ApiClient client,
      String path,
      Map<String, Object> body,
      String account,
      long available,
      long held) {
    Answer first = journal.call(client, path, body, account, available, held);
    if (random.nextInt(5) == 0) {
      journal.call(client, path, body, account, available, held);
    }
    return first;
  }
}
