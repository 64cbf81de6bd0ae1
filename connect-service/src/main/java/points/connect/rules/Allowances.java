package points.connect.rules;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules have given so far, as far as their limits count it, and what they may still give. Not
 * safe for use by several threads: whoever shares allowances locks them for as long.
 */
public final class Allowances {

  /**
   * One counter. Limits that differ only in their numbers share it, so a new revision of a rule
   * goes on counting where the one before stood.
   *
   * @param rule its name
   * @param every how often it starts anew
   * @param start the day on which it did
   * @param account whose; empty for all
   */
  public record Key(String rule, Period every, LocalDate start, String account)
      implements Comparable<Key> {

    /** The counter that a limit of a rule counts in. */
    public static Key of(String rule, Limit limit, String account, Instant time) {
      boolean all = limit.scope() == Limit.Scope.ALL;
      return new Key(rule, limit.every(), limit.every().startOf(time), all ? "" : account);
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
  public Granted grant(String rule, List<Limit> limits, Award award, Instant time) {
    long points = award.points();
    Limit cutBy = null;
    for (Limit limit : limits) {
      long room = room(limit, standing(Key.of(rule, limit, award.account(), time)), points);
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

  /** The counters that a rule's limits concern for an account. Each is there once. */
  public static java.util.SortedSet<Key> keys(
      String rule, List<Limit> limits, String account, Instant time) {
    java.util.SortedSet<Key> keys = new java.util.TreeSet<>();
    for (Limit limit : limits) {
      keys.add(Key.of(rule, limit, account, time));
    }
    return keys;
  }

  private Used standing(Key key) {
    return used.getOrDefault(key, Used.NOTHING).plus(added.getOrDefault(key, Used.NOTHING));
  }

  private static long room(Limit limit, Used standing, long wanted) {
    return switch (limit.unit()) {
      case COUNT -> standing.count() < limit.max() ? wanted : 0;
      case POINTS -> limit.max() - standing.points();
    };
  }
}
