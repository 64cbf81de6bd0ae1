package points.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every read against the real service. */
class ReadsTest {
  @Test
  void anAccountThatNeverMoved() {
    try (PointsClient quest = Clients.of("quest")) {
      AccountBalance read = quest.balance("user:nobody");
      assertThat(read.balance()).isEqualTo(new Balance(0, 0, 0, 0, 0));
      assertThat(read.expiring()).isEmpty();
      assertThat(quest.transactions("user:nobody", Page.Request.first(5)).items()).isEmpty();
      assertThat(quest.transaction(UUID.randomUUID())).isEmpty();
      assertThat(quest.holdById(UUID.randomUUID())).isEmpty();
      assertThat(quest.transactionByExternalId("never&used=1+2%")).isEmpty();
    }
  }

  @Test
  void aPastBalance() {
    String account = Clients.account(10);
    try (PointsClient quest = Clients.of("quest")) {
      assertThat(quest.balance(account, Instant.parse("2020-01-01T00:00:00Z")).balance().total())
          .isZero();
    }
  }

  @Test
  void transactionsPageByPage() {
    String account = Clients.account(100);
    List<String> expected = new ArrayList<>();
    try (PointsClient quest = Clients.of("quest")) {
      for (int i = 0; i < 5; i++) {
        String id = Clients.id();
        quest.debit(Debit.of(account, 1, id, "quest")).receiptOrThrow();
        expected.addFirst(id);
      }
      List<String> seen = new ArrayList<>();
      Page<Transaction> page = quest.transactions(account, Page.Request.first(2));
      page.items().forEach(t -> seen.add(t.receipt().externalId()));
      while (page.nextCursor() != null) {
        page = quest.transactions(account, new Page.Request(2, page.nextCursor()));
        page.items().forEach(t -> seen.add(t.receipt().externalId()));
      }
      assertThat(seen).hasSize(6).startsWith(expected.toArray(String[]::new));
      assertThat(quest.transactionByExternalId(expected.getFirst()).orElseThrow().seq())
          .isEqualTo(6);
    }
  }

  @Test
  void eventsFromTheBeginningToTheEnd() {
    String account = Clients.account(100);
    List<EventPage.Event> own = new ArrayList<>();
    try (PointsClient quest = Clients.of("quest")) {
      quest.debit(Debit.of(account, 1, Clients.id(), "quest")).receiptOrThrow();
      EventPage page = quest.events(null, 1000);
      while (!page.events().isEmpty()) {
        page.events().stream().filter(e -> e.account().equals(account)).forEach(own::add);
        page = quest.events(page.next(), 1000);
      }
    }
    assertThat(own)
        .extracting(EventPage.Event::type)
        .containsExactly("points.transaction.credit", "points.transaction.debit");
    assertThat(own.getLast().transaction().receipt().balance().available()).isEqualTo(99);
  }

  @Test
  void wrongArgumentsAreSaidBeforeAnythingIsSent() {
    try (PointsClient quest = Clients.of("quest")) {
      assertThatThrownBy(() -> quest.balance("user:a/../b")).hasMessageContaining("kind:id");
      assertThatThrownBy(() -> quest.events(null, 0)).hasMessageContaining("limit");
    }
    assertThatThrownBy(() -> Debit.of("user:1", 0, "x", "r")).hasMessageContaining("amount");
    assertThatThrownBy(() -> Debit.of("user:1", 1, " x", "r")).hasMessageContaining("externalId");
    assertThatThrownBy(() -> Debit.of("user:1", 1, "x", "R")).hasMessageContaining("reason");
    assertThatThrownBy(() -> Page.Request.first(201)).hasMessageContaining("limit");
  }

  @Test
  void aClosedClientSaysSo() {
    PointsClient quest = Clients.of("quest");
    quest.close();
    assertThatThrownBy(() -> quest.balance("user:1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client is closed");
  }
}
