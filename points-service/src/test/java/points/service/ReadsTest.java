package points.service;

import static org.assertj.core.api.Assertions.assertThat;
import static points.service.Scene.done;
import static points.service.Scene.id;
import static points.service.Scene.onHold;
import static points.service.Scene.onTransaction;
import static points.service.Scene.refused;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import points.kit.TestPostgres;
import points.service.contract.Answer;

/** What reads tell, held against what was done. */
class ReadsTest {
  private final Scene scene = Scene.fresh();

  @Test
  void theBalanceAtEveryInstantIsTheOneOfTheLastTransactionUntilThen() {
    List<Answer> all = story();
    for (int i = 0; i < all.size(); i++) {
      Instant at = Instant.parse(all.get(i).text("created_at"));
      boolean last =
          i + 1 == all.size() || Instant.parse(all.get(i + 1).text("created_at")).isAfter(at);
      if (last) {
        assertThat(scene.read("balance?at=" + at).member("balance"))
            .isEqualTo(all.get(i).member("balance"));
      }
    }
    Instant first = Instant.parse(all.getFirst().text("created_at"));
    assertThat(scene.read("balance?at=" + first.minusNanos(1000)).number("balance/total")).isZero();
    assertThat(scene.read("balance?at=1970-01-01T00:00:00Z").number("total")).isZero();
    assertThat(scene.balance()).isEqualTo(all.getLast().member("balance"));
  }

  @Test
  void aStatementAddsUp() {
    List<Answer> all = story();
    Answer whole = scene.read("statement");
    assertThat(whole.number("opening_balance/total")).isZero();
    assertThat(whole.member("closing_balance")).isEqualTo(scene.balance());
    assertThat(whole.member("entries").size()).isEqualTo(all.size());
    assertAddsUp(whole);
    Instant from = Instant.parse(all.get(3).text("created_at"));
    Instant to = Instant.parse(all.get(6).text("created_at"));
    Answer part = scene.read("statement?from=" + from + "&to=" + to);
    assertAddsUp(part);
    assertThat(part.member("opening_balance")).isEqualTo(all.get(2).member("balance"));
    assertThat(part.text("entries/0/transaction_id")).isEqualTo(all.get(3).text("transaction_id"));
    assertThat(part.member("closing_balance")).isEqualTo(all.get(5).member("balance"));
    Answer rest = scene.read("statement?from=" + to);
    assertThat(rest.member("opening_balance")).isEqualTo(part.member("closing_balance"));
    Answer none = scene.read("statement?from=" + from + "&to=" + from);
    assertThat(none.member("entries")).isEmpty();
    assertThat(none.member("opening_balance")).isEqualTo(none.member("closing_balance"));
  }

  private static void assertAddsUp(Answer statement) {
    for (String part : List.of("available", "held", "pending", "debt")) {
      long running = statement.number("opening_balance/" + part);
      for (JsonNode entry : statement.member("entries")) {
        running += entry.path("change").path(part).asLong();
        assertThat(entry.path("balance").path(part).asLong()).as(part).isEqualTo(running);
      }
      assertThat(statement.number("closing_balance/" + part)).as(part).isEqualTo(running);
    }
  }

  @Test
  void aStatementAsCsvRunsNoFormulas() {
    List<String> hostile =
        List.of("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\"quoted\",;", "'=1", "plain");
    for (String externalId : hostile) {
      done(
          scene.connect.post(
              "/internal/credit",
              Scene.with(scene.moving(3), "external_id", externalId + "~" + id())));
    }
    Answer answer =
        scene.connect.send("GET", scene.path("statement"), Map.of("Accept", "text/csv"), null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type").orElse("")).startsWith("text/csv");
    List<List<String>> rows = rows(answer.text());
    List<String> header = rows.getFirst();
    assertThat(rows).allMatch(row -> row.size() == header.size());
    assertThat(rows).hasSize(hostile.size() + 3);
    int externalId = header.indexOf("external_id");
    long total = 0;
    for (int i = 0; i < hostile.size(); i++) {
      List<String> row = rows.get(i + 2);
      boolean formula = "=+-@".indexOf(hostile.get(i).charAt(0)) >= 0;
      assertThat(row.get(externalId)).startsWith((formula ? "'" : "") + hostile.get(i) + "~");
      total += Long.parseLong(row.get(header.indexOf("change_available")));
      assertThat(row.get(header.indexOf("available"))).isEqualTo(String.valueOf(total));
      for (String cell : row) {
        assertThat(cell).doesNotMatch("(?s)[=+@\t\r].*");
      }
    }
    assertThat(rows.get(1).get(header.indexOf("available"))).isEqualTo("0");
    assertThat(rows.getLast().get(header.indexOf("available"))).isEqualTo(String.valueOf(total));
  }

  @Test
  void pagesHold450EntriesOnceEachNewestFirst() {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      items.add(Scene.with(scene.moving(2), "op", "credit"));
    }
    done(scene.connect.post("/internal/batch", Map.of("operations", items)));
    List<Object> debits = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      debits.add(Scene.with(scene.moving(1), "op", "debit"));
    }
    done(scene.quest.post("/internal/batch", Map.of("operations", debits)));
    for (int limit : new int[] {7, 50, 199, 200}) {
      List<JsonNode> all = pages("transactions?limit=" + limit, "transactions");
      assertThat(all).hasSize(450);
      for (int i = 0; i < 450; i++) {
        assertThat(all.get(i).path("seq").asLong()).isEqualTo(450 - i);
      }
    }
    assertThat(scene.read("transactions").member("transactions").size()).isEqualTo(50);
    assertThat(pages("transactions?type=debit&limit=40", "transactions"))
        .hasSize(150)
        .allMatch(t -> t.path("type").asText().equals("debit"));
    assertThat(pages("transactions?type=credit&limit=200", "transactions")).hasSize(300);
    assertThat(pages("transactions?type=refund", "transactions")).isEmpty();
    List<JsonNode> all = pages("transactions?limit=200", "transactions");
    String middle = all.get(200).path("created_at").asText();
    List<JsonNode> since = pages("transactions?limit=33&from=" + middle, "transactions");
    List<JsonNode> until = pages("transactions?limit=33&to=" + middle, "transactions");
    assertThat(since.size() + until.size()).isEqualTo(450);
    assertThat(since).allMatch(t -> t.path("created_at").asText().compareTo(middle) >= 0);
    assertThat(until).allMatch(t -> t.path("created_at").asText().compareTo(middle) < 0);
  }

  @Test
  void aPageStaysWhatItIsWhileNewEntriesCome() {
    for (int i = 0; i < 6; i++) {
      scene.credit(1);
    }
    Answer first = scene.read("transactions?limit=3");
    scene.credit(1);
    Answer second = scene.read("transactions?limit=3&cursor=" + first.text("next_cursor"));
    assertThat(second.number("transactions/0/seq")).isEqualTo(3);
    assertThat(second.member("next_cursor").isNull()).isTrue();
  }

  @Test
  void holdsAreFilteredByStatusAndPaged() {
    scene.credit(1000);
    Set<String> active = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      active.add(scene.hold(10).text("hold/hold_id"));
    }
    String captured = scene.capture(scene.hold(10)).text("hold/hold_id");
    String released = scene.release(scene.hold(10)).text("hold/hold_id");
    assertThat(holdIds("holds?status=active&limit=2")).hasSize(5).hasSameElementsAs(active);
    assertThat(holdIds("holds?status=captured")).containsExactly(captured);
    assertThat(holdIds("holds?status=released")).containsExactly(released);
    assertThat(holdIds("holds?status=expired")).isEmpty();
    assertThat(holdIds("holds?limit=3")).hasSize(7).doesNotHaveDuplicates();
    Answer one = done(scene.rielt.get("/internal/holds/" + captured));
    assertThat(one.text("status")).isEqualTo("captured");
    assertThat(one.text("account")).isEqualTo(scene.account);
    assertThat(one.text("source")).isEqualTo("quest");
  }

  @Test
  void aHoldReadsWithWhatItsCallerSaidAboutIt() {
    scene.credit(10);
    Answer hold =
        done(
            scene.quest.post(
                "/internal/hold",
                Scene.with(scene.moving(10), "metadata", Map.of("quest", "q-9"))));
    Answer one = done(scene.quest.get("/internal/holds/" + hold.text("hold/hold_id")));
    assertThat(one.text("metadata/quest")).isEqualTo("q-9");
    assertThat(scene.read("holds").text("holds/0/metadata/quest")).isEqualTo("q-9");
  }

  private List<String> holdIds(String what) {
    return pages(what, "holds").stream().map(h -> h.path("hold_id").asText()).toList();
  }

  @Test
  void anExplanationSumsToTheBalance() {
    story();
    assertExplained();
    scene.debit(7);
    assertExplained();
    Answer credit =
        done(
            scene.connect.post(
                "/internal/credit",
                Scene.with(scene.moving(25), "metadata", Map.of("rule", "r-9"))));
    assertThat(scene.read("explain").text()).contains("\"r-9\"");
    scene.debit(scene.available());
    done(
        scene.connect.post(
            "/internal/reverse", Scene.with(onTransaction(credit), "policy", "debt")));
    Answer explained = assertExplained();
    assertThat(explained.number("debt/amount")).isEqualTo(25);
    scene.credit(5);
    assertThat(assertExplained().number("debt/amount")).isEqualTo(20);
  }

  private Answer assertExplained() {
    Answer explained = scene.read("explain");
    JsonNode balance = scene.balance();
    assertThat(explained.member("balance")).isEqualTo(balance);
    long available = explained.number("permanent/amount");
    long pending = 0;
    for (JsonNode lot : explained.member("lots")) {
      if (lot.path("status").asText().equals("pending")) {
        pending += lot.path("remaining").asLong();
      } else {
        available += lot.path("remaining").asLong();
      }
    }
    long held = 0;
    for (JsonNode hold : explained.member("holds")) {
      held += hold.path("remaining").asLong();
      long from = 0;
      for (JsonNode part : hold.path("from")) {
        from += part.path("amount").asLong();
      }
      assertThat(from).isEqualTo(hold.path("remaining").asLong());
    }
    long permanent = explained.number("permanent/older");
    for (JsonNode credit : explained.member("permanent/credits")) {
      permanent += credit.path("amount").asLong();
    }
    long debt = 0;
    for (JsonNode reverse : explained.member("debt/reverses")) {
      debt += reverse.path("amount").asLong();
    }
    assertThat(available).as(explained.text()).isEqualTo(balance.path("available").asLong());
    assertThat(pending).isEqualTo(balance.path("pending").asLong());
    assertThat(held).isEqualTo(balance.path("held").asLong());
    assertThat(permanent).as(explained.text()).isEqualTo(explained.number("permanent/amount"));
    assertThat(debt).as(explained.text()).isEqualTo(balance.path("debt").asLong());
    return explained;
  }

  @Test
  void eventsGiveEveryTransactionOnceAndInOrderWhateverTheLimit() {
    try (TestService own = TestService.start(TestPostgres.shared().newDatabase(), Map.of())) {
      List<Scene> scenes = List.of(new Scene(own), new Scene(own), new Scene(own));
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        for (Scene each : scenes) {
          made.add(each.credit(5).text("transaction_id"));
          made.add(each.debit(1).text("transaction_id"));
        }
      }
      for (int limit : new int[] {1, 7, 100, 1000}) {
        List<String> seen = new ArrayList<>();
        Map<String, Long> seq = new HashMap<>();
        String after = "";
        for (boolean more = true; more; ) {
          Answer page =
              done(
                  scenes
                      .getFirst()
                      .quest
                      .get(
                          "/internal/events?limit="
                              + limit
                              + (after.isEmpty() ? "" : "&after=" + after)));
          assertThat(page.member("events").size()).isLessThanOrEqualTo(limit);
          for (JsonNode event : page.member("events")) {
            seen.add(event.path("id").asText());
            JsonNode data = event.path("data");
            assertThat(data.path("transaction_id")).isEqualTo(event.path("id"));
            assertThat(event.path("subject")).isEqualTo(data.path("account"));
            assertThat(data.path("seq").asLong())
                .isEqualTo(seq.merge(event.path("subject").asText(), 1L, Long::sum));
          }
          more = !page.member("events").isEmpty();
          after = page.text("next");
        }
        assertThat(seen).hasSize(made.size()).containsExactlyInAnyOrderElementsOf(made);
        // Resumed where it ended, it goes on with what is new.
        made.add(scenes.getFirst().credit(1).text("transaction_id"));
        Answer next = done(scenes.getFirst().quest.get("/internal/events?after=" + after));
        assertThat(next.member("events").size()).isEqualTo(1);
        assertThat(next.text("events/0/id")).isEqualTo(made.getLast());
      }
    }
  }

  @Test
  void anExternalIdIsLookedUpAmongTheCallersOwn() {
    scene.credit(10);
    Map<String, Object> debit = Scene.with(scene.moving(2), "external_id", "a&b=c+d%25#" + id());
    Answer posted = done(scene.quest.post("/internal/debit", debit));
    String path =
        "/internal/transactions?external_id="
            + URLEncoder.encode(posted.text("external_id"), StandardCharsets.UTF_8);
    assertThat(done(scene.quest.get(path)).text("transaction_id"))
        .isEqualTo(posted.text("transaction_id"));
    refused(scene.rielt.get(path), 404, "transaction_not_found");
    refused(scene.connect.get(path), 404, "transaction_not_found");
    assertThat(done(scene.rielt.get("/internal/transactions/" + posted.text("transaction_id"))))
        .extracting(a -> a.text("source"))
        .isEqualTo("quest");
  }

  @Test
  void anAccountThatNeverMovedReadsAsZero() {
    assertThat(scene.read("balance").number("total")).isZero();
    assertThat(scene.read("transactions").member("transactions")).isEmpty();
    assertThat(scene.read("holds").member("holds")).isEmpty();
    assertThat(scene.read("statement").number("closing_balance/total")).isZero();
    assertThat(scene.read("explain").number("balance/total")).isZero();
  }

  /** One of everything, in order. */
  private List<Answer> story() {
    List<Answer> all = new ArrayList<>();
    all.add(scene.credit(100));
    all.add(
        done(
            scene.connect.post(
                "/internal/credit",
                Scene.with(scene.moving(50), "expires_at", "2090-01-01T00:00:00Z"))));
    all.add(
        done(
            scene.connect.post(
                "/internal/credit",
                Scene.with(scene.moving(20), "available_at", "2090-01-01T00:00:00Z"))));
    Answer hold = scene.hold(60);
    all.add(hold);
    Answer debit = scene.debit(30);
    all.add(debit);
    all.add(
        done(
            scene.quest.post(
                "/internal/capture",
                Scene.with(Scene.with(onHold(hold), "amount", 15), "final", false))));
    all.add(
        done(scene.quest.post("/internal/refund", Scene.with(onTransaction(debit), "amount", 9))));
    Answer other = scene.hold(5);
    all.add(other);
    all.add(scene.release(other));
    Answer credit = scene.credit(12);
    all.add(credit);
    all.add(
        done(
            scene.connect.post(
                "/internal/reverse", Scene.with(onTransaction(credit), "amount", 4))));
    return all;
  }

  private List<JsonNode> pages(String what, String member) {
    List<JsonNode> all = new ArrayList<>();
    String next = "";
    for (boolean more = true; more; ) {
      Answer page = scene.read(what + next);
      page.member(member).forEach(all::add);
      more = !page.member("next_cursor").isNull();
      next = (what.contains("?") ? "&" : "?") + "cursor=" + page.text("next_cursor");
    }
    return all;
  }

  /** The cells of a CSV text, by RFC 4180. */
  private static List<List<String>> rows(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == ',') {
        row.add(cell.toString());
        cell.setLength(0);
      } else if (!quoted && c == '\n') {
        row.add(cell.toString());
        cell.setLength(0);
        rows.add(List.copyOf(row));
        row.clear();
      } else if (quoted || c != '\r') {
        cell.append(c);
      }
    }
    return rows;
  }
}
