package points.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * What a day looks like: 30 % credits, 20 % debits, 20 % holds, 15 % captures, 5 % releases and 10
 * % balances read. Where a capture or release finds no hold, one is placed instead, so that holds
 * and what ends them come out even.
 */
final class MixTraffic implements Traffic {
  private static final byte[] HOLD_ID = "\"hold_id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int UUID_LENGTH = 36;

  private enum Verb {
    CREDIT,
    DEBIT,
    HOLD,
    CAPTURE,
    RELEASE,
    BALANCE
  }

  private final SplittableRandom random;
  private final int accounts;
  private final String connect;
  private final String quest;
  private final Deque<String> holds = new ArrayDeque<>();

  /**
   * Traffic on accounts {@code user:0000000} and on, which must have points.
   *
   * @param connect the API key of one who may credit
   * @param quest the API key of one who may hold and debit
   */
  MixTraffic(String connect, String quest, int accounts, long seed) {
    this.random = new SplittableRandom(seed);
    this.accounts = accounts;
    this.connect = connect;
    this.quest = quest;
  }

  @Override
  public Request next() {
    Verb verb = choose(random.nextInt(100));
    return new Request(bytes(verb), 1, verb);
  }

  private Verb choose(int percent) {
    if (percent < 30) {
      return Verb.CREDIT;
    } else if (percent < 50) {
      return Verb.DEBIT;
    } else if (percent < 70) {
      return Verb.HOLD;
    } else if (percent < 90) {
      return holds.isEmpty() ? Verb.HOLD : percent < 85 ? Verb.CAPTURE : Verb.RELEASE;
    }
    return Verb.BALANCE;
  }

  private byte[] bytes(Verb verb) {
    return switch (verb) {
      case CREDIT -> RequestText.post("/internal/credit", connect, onAccount());
      case DEBIT -> RequestText.post("/internal/debit", quest, onAccount());
      case HOLD -> RequestText.post("/internal/hold", quest, onAccount());
      case CAPTURE -> RequestText.post("/internal/capture", quest, onHold());
      case RELEASE -> RequestText.post("/internal/release", quest, onHold());
      case BALANCE -> RequestText.get("/internal/accounts/" + account() + "/balance", quest);
    };
  }

  private String account() {
    byte[] digits = new byte[7];
    RequestText.digits(digits, 0, 7, random.nextInt(accounts));
    return "user:" + new String(digits, StandardCharsets.US_ASCII);
  }

  private String onAccount() {
    return "{\"account\":\"" + account() + "\",\"amount\":10,\"reason\":\"bench\"," + key() + "}";
  }

  private String onHold() {
    return "{\"hold_id\":\"" + holds.removeFirst() + "\"," + key() + "}";
  }

  private String key() {
    return "\"external_id\":\"mix-" + random.nextLong(Long.MAX_VALUE) + "\"";
  }

  @Override
  public int answered(Request request, int status, ByteBuffer body) {
    if (request.token() == Verb.HOLD && status == 201) {
      int at = AnswerText.find(body, HOLD_ID, body.position());
      byte[] id = new byte[UUID_LENGTH];
      body.get(at + HOLD_ID.length, id);
      holds.addLast(new String(id, StandardCharsets.US_ASCII));
    }
    return status == 201 || (status == 200 && request.token() == Verb.BALANCE) ? 1 : 0;
  }
}
