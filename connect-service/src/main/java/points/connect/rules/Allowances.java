package points.connect.rules;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What rules have given so far, as far as their limits count it, and what they may still give. Not
 * safe for use by several threads: whoever shares allowances locks them for as long.
 */
public final class Allowances {

  /**
   * How one counter stands in one period. All revisions of a rule count in it, so a new one goes on
   * where the one before stood.
   *
   * @param rule its name
   * @param every how often it starts anew
   * @param start the day on which it did
   * @param account whose; empty for all
   */
  public record Key(String rule, Period every, LocalDate start, String account)
      implements Comparable<Key> {

    /** Where a rule counts what it gives. */
    public static Key of(String rule, Limit.Counter counter, String account, Instant time) {
      boolean all = counter.scope() == Limit.Scope.ALL;
      return new Key(rule, counter.every(), counter.every().startOf(time), all ? "" : account);
    }

    @Override
    public int compareTo(Key other) {
      int byRule = rule.compareTo(other.rule);
      int byAccount = byRule != 0 ? byRule : account.compareTo(other.account);
      int byPeriod = byAccount != 0 ? byAccount : every.compareTo(other.every);
      return byPeriod != 0 ? byPeriod : start.compareTo(other.start);
    }
  }

  /**
   * What has been given.
   *
   * @param count rewards
   * @param points points
   */
  public record Used(long count, long points) {
    /** Nothing. */
    public static final Used NOTHING = new Used(0, 0);

    Used plus(Used more) {
      return new Used(count + more.count, points + more.points);
    }
  }

  /**
   * What is given of an award.
   *
   * @param points 0 for nothing
   * @param cutBy the limit that made it less than was wanted; null for none
   */
  public record Granted(long points, @Nullable Limit cutBy) {}

  private final Map<Key, Used> used = new HashMap<>();
  private final Map<Key, Used> added = new HashMap<>();

  /** Says how a counter stands; those that nobody has set stand at nothing. */
  public void set(Key key, Used value) {
    used.put(key, value);
  }

  /** What was granted since the beginning, per counter. */
  public Map<Key, Used> added() {
    return Map.copyOf(added);
  }

  /** Grants as much of an award as the limits allow, and counts it. */
  public Granted grant(String rule, Limits limits, Award award, Instant time) {
    long points = award.points();
    Limit cutBy = null;
    for (Limit limit : limits.all()) {
      Key key = Key.of(rule, limit.counter(), award.account(), time);
      long room = room(limit, standing(key), points);
      if (room < points) {
        cutBy = limit;
        points = limit.exceeding() == Limit.Exceeding.TRIM ? Math.max(0, room) : 0;
      }
      if (points == 0) {
        return new Granted(0, cutBy);
      }
    }
    for (Key key : keys(rule, limits, award.account(), time)) {
      added.merge(key, new Used(1, points), Used::plus);
    }
    return new Granted(points, cutBy);
  }

  /** Where a rule counts what it gives to an account. Each is there once. */
  public static SortedSet<Key> keys(String rule, Limits limits, String account, Instant time) {
    SortedSet<Key> keys = new TreeSet<>();
    for (Limit.Counter counter : limits.counted()) {
      keys.add(Key.of(rule, counter, account, time));
    }
    return keys;
  }

  /** How a counter stands, with what was granted. */
  public Used standing(Key key) {
    return used.getOrDefault(key, Used.NOTHING).plus(added.getOrDefault(key, Used.NOTHING));
  }

  private static long room(Limit limit, Used standing, long wanted) {
    return switch (limit.unit()) {
      case COUNT -> standing.count() < limit.max() ? wanted : 0;
      case POINTS -> limit.max() - standing.points();
    };
  }
}
