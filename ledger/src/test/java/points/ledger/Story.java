package points.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A test that reads as a table. Each line is a command, what should come of it, and the balance
 * after it: available, held, pending, debt.
 *
 * <pre>
 * credit c1 user:1 100 expires=+1d   -> ok                                | 100 0 0 0
 * hold   h1 user:1 40                -> ok                                | 60 40 0 0
 * at +25h
 * capture k1 $h1                     -> hold_not_active expired 40/0/40   | 60 40 0 0
 * due                                -> expire_hold h1 40, expire_lot c1 60 | 0 0 0 0
 * </pre>
 *
 * The second word is the external id, and {@code $} before it is what was posted under it. All
 * times are counted from {@link SettableClock#START}. Lines between {@code batch} and {@code end}
 * are executed together. What is after {@code ->} or {@code |} is not looked at when left out,
 * except that a command without an outcome must be {@code ok}. On a failure the story is shown as
 * told and as it went.
 */
final class Story {
  private final Ledger ledger;
  private final SettableClock clock;
  private final StoryWords words = new StoryWords();
  private final List<String> told = new ArrayList<>();
  private final List<String> went = new ArrayList<>();
  private @Nullable List<String> batch;

  Story(Ledger ledger, SettableClock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Tells all lines, then compares. May be called again: the story goes on. */
  Story tell(String script) {
    told.clear();
    went.clear();
    for (String line : script.lines().toList()) {
      String text = line.replaceFirst("(^|\\s)#.*", "").strip();
      if (!text.isEmpty()) {
        line(text);
      }
    }
    assertThat(String.join("\n", went)).isEqualTo(String.join("\n", told));
    return this;
  }

  /** The command that a line of this story would be. */
  Command command(String sentence) {
    return words.command(sentence);
  }

  private void line(String text) {
    if (text.equals("batch")) {
      batch = new ArrayList<>();
    } else if (text.equals("end") && batch != null) {
      together(batch);
      batch = null;
    } else if (batch != null) {
      batch.add(text);
    } else {
      together(List.of(text));
    }
  }

  private void together(List<String> lines) {
    String verb = lines.getFirst().split("\\s+", 2)[0];
    if (lines.size() == 1 && tellOther(verb, lines.getFirst())) {
      return;
    }
    List<Command> commands = new ArrayList<>();
    for (String line : lines) {
      try {
        commands.add(words.command(sentence(line)));
      } catch (IllegalArgumentException e) {
        compare(line, "illegal", null);
        return;
      }
    }
    List<Account> before = commands.stream().map(this::accountOf).toList();
    List<Outcome> outcomes = ledger.execute(commands);
    assertThat(outcomes).hasSameSizeAs(commands);
    for (int i = 0; i < lines.size(); i++) {
      words.learn(commands.get(i), outcomes.get(i));
    }
    Map<AccountId, Set<Transaction>> histories = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Outcome outcome = outcomes.get(i);
      compare(lines.get(i), words.say(outcome), balanceAfter(commands.get(i), outcome));
      if (lines.size() <= 100) {
        Consistency.check(
            ledger,
            id -> histories.computeIfAbsent(id, read -> new HashSet<>(ledger.history(read))),
            clock.instant(),
            commands.get(i),
            outcome,
            before.get(i));
      }
    }
    if (lines.size() == 1 && !(outcomes.getFirst() instanceof Outcome.Posted)) {
      Account now = accountOf(commands.getFirst());
      assertThat(now).as("after %s, which has no effect", lines).isEqualTo(before.getFirst());
    }
  }

  /** Whether it was a line about something else than a command. */
  private boolean tellOther(String verb, String line) {
    List<String> words = List.of(sentence(line).split("\\s+", -1));
    switch (verb) {
      case "at" -> clock.set(StoryWords.time(words.get(1)));
      case "freeze", "thaw" -> ledger.freeze(account(words), verb.equals("freeze"));
      case "due" -> due(line, words.size() > 1 ? Integer.parseInt(words.get(1)) : 1000);
      case "fill" -> fill(account(words), StoryWords.number(words.get(2)));
      case "look" -> compare(line, look(words.get(1)), null);
      case "lots" -> compare(line, lots(account(words)), null);
      case "history" -> compare(line, history(account(words)), null);
      case "moves" -> compare(line, moves(words.get(1)), null);
      case "balance" -> compare(line, "ok", ledger.account(account(words)).balance());
      case "expiring" -> compare(line, "" + ledger.account(account(words)).expiring(), null);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static AccountId account(List<String> words) {
    return new AccountId(words.get(1));
  }

  private static String sentence(String line) {
    return line.split("->|\\|", 2)[0].strip();
  }

  /** Does what is due, in the order of time being unsaid, by kind and then by age. */
  private void due(String line, int limit) {
    List<Command> due = new ArrayList<>(ledger.due(limit));
    due.sort(
        Comparator.comparing((Command c) -> c.operation().verb())
            .thenComparing(c -> words.age(StoryWords.target(c))));
    List<String> done = new ArrayList<>();
    List<Outcome> outcomes = ledger.execute(due);
    Balance balance = null;
    for (int i = 0; i < due.size(); i++) {
      Command command = due.get(i);
      String name = words.nameOf(StoryWords.target(command));
      if (outcomes.get(i) instanceof Outcome.Posted(Transaction t)) {
        done.add(t.type().wire() + " " + name + " " + t.amount());
        balance = ledger.account(t.account()).balance();
      } else {
        String outcome = words.say(outcomes.get(i));
        done.add(command.operation().verb().wire() + " " + name + " " + outcome);
      }
    }
    compare(line, done.isEmpty() ? "nothing" : String.join(", ", done), balance);
  }

  private void fill(AccountId id, long amount) {
    List<Command> commands = new ArrayList<>();
    for (long left = amount; left > 0; left -= Limits.AMOUNT_MAX) {
      ExternalKey key = new ExternalKey("connect", "fill-" + id + "-" + left);
      Operation credit = new Operation.Credit(id, Math.min(left, Limits.AMOUNT_MAX), null, null);
      commands.add(new Command(key, credit, "fill", null, null));
    }
    for (int i = 0; i < commands.size(); i += 1000) {
      List<Command> part = commands.subList(i, Math.min(commands.size(), i + 1000));
      assertThat(ledger.execute(part)).allMatch(o -> o instanceof Outcome.Posted);
    }
  }

  private String look(String name) {
    Hold hold = ledger.hold(words.id(name));
    if (hold == null) {
      return "none";
    }
    String parcels =
        hold.parcels().stream()
            .map(p -> (p.lotId() == null ? "-" : words.nameOf(p.lotId())) + ":" + p.amount())
            .collect(Collectors.joining(" "));
    return (StoryWords.say(hold.state()) + " " + parcels).strip();
  }

  private String lots(AccountId id) {
    return ledger.lots(id).stream()
        .map(lot -> words.nameOf(lot.id()) + " " + lot.status().wire() + " " + lot.remaining())
        .collect(Collectors.joining(", "));
  }

  private String history(AccountId id) {
    return ledger.history(id).stream()
        .map(t -> t.type().wire() + " " + t.amount())
        .collect(Collectors.joining(", "));
  }

  private String moves(String name) {
    UUID id = words.id(name);
    return words.transaction(id).moves().stream()
        .map(m -> "%s %+d/%d".formatted(words.nameOf(m.lotId()), m.change(), m.charged()))
        .collect(Collectors.joining(", "));
  }

  private Account accountOf(Command command) {
    AccountId id =
        switch (command.operation()) {
          case Operation.OnAccount named -> named.account();
          case Operation.OnHold on -> words.accountOf(on.holdId());
          case Operation.OnTransaction on -> words.accountOf(on.transactionId());
        };
    return ledger.account(id);
  }

  private Balance balanceAfter(Command command, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted(Transaction t) -> t.balance();
      case Outcome.Replayed(Transaction t) -> t.balance();
      case Outcome.Refused(Refusal r, boolean replay) -> ledger.account(r.account()).balance();
      default -> accountOf(command).balance();
    };
  }

  /** Notes the line as it was told, and as it went. */
  private void compare(String line, String outcome, @Nullable Balance balance) {
    String sentence = sentence(line);
    boolean saysOutcome = line.contains("->");
    boolean saysBalance = line.contains("|");
    String expected = saysOutcome ? line.split("->", 2)[1].split("\\|", 2)[0].strip() : "ok";
    String after = saysBalance ? " | " + line.split("\\|", 2)[1].strip() : "";
    told.add(tidy(sentence + " -> " + expected + after));
    String found = saysBalance ? " | " + (balance == null ? "?" : StoryWords.say(balance)) : "";
    boolean untold = !saysOutcome && (sentence.startsWith("due") || outcome.startsWith("ok "));
    went.add(tidy(sentence + " -> " + (untold ? "ok" : outcome) + found));
  }

  private static String tidy(String line) {
    return line.replaceAll("\\s+", " ").strip();
  }
}
