package points.service.postgres;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import points.ledger.Command;
import points.ledger.ExternalKey;
import points.ledger.Outcome;
import points.ledger.Recorded;

/**
 * The latest outcomes that were read or committed here. What is recorded under a key never changes,
 * so a repeat may be answered from here without asking the database; and most repeats, being
 * retries, come soon. Only the database itself may have changed: restored to an earlier moment, or
 * failed over to a standby that had not got everything. No connection outlives that, so what is
 * here is told only within a moment of a batch's success, and dropped with every new connection.
 * Thread-safe.
 *
 * <p>A ring of bytes in which the newest overwrites the oldest. As objects, thousands a second that
 * live for just too long, they would be the garbage collector's worst case (docs/DECISIONS.md has
 * it measured).
 */
public final class Recent {
  /** So long after it was seen nobody has replaced the database by another. */
  private static final Duration TRUST = Duration.ofSeconds(1);

  /** What comes before an outcome: its length, the hash of its key, and the place of another. */
  private static final int HASH_AT = Integer.BYTES;

  private static final int EARLIER_AT = HASH_AT + Integer.BYTES;
  private static final int HEADER = EARLIER_AT + Long.BYTES;

  /** About one slot for each of the outcomes, which take 300 bytes and more. */
  private static final int BYTES_A_SLOT = 256;

  /** An outcome as it is kept, with the hash of its key. */
  private record Entry(int hash, ByteBuffer bytes) {
    int length() {
      return HEADER + bytes.remaining();
    }
  }

  private final ByteBuffer ring;

  /**
   * By the hash of a key, where the newest of the outcomes begins that share the slot, counted from
   * when there was none; 0 for none. It knows where the one before it is.
   */
  private final long[] places;

  /** Where the next begins; more than 0 where there is room for any. */
  private long end;

  private int era;

  /** Those that batches have been executed on. */
  private final Set<Connection> connections = Collections.newSetFromMap(new WeakHashMap<>());

  private final long trustNanos;
  private volatile long trustedUntil = System.nanoTime();

  /**
   * Nothing yet.
   *
   * @param capacity how many bytes to keep, 0 or more; one outcome may have an eighth of them
   */
  public Recent(int capacity) {
    this(capacity, TRUST);
  }

  /** With another time for which the database, once seen, is taken to be the same. */
  Recent(int capacity, Duration trust) {
    trustNanos = trust.toNanos();
    ring = ByteBuffer.allocate(capacity);
    places = new long[Math.max(1, Integer.highestOneBit(capacity / BYTES_A_SLOT))];
    end = capacity;
  }

  /**
   * A batch begins on this connection. Behind a new one may be another database than before, one
   * that was restored or a standby that has not got everything: then all is dropped.
   *
   * @return the era, which ends when all is dropped
   */
  synchronized int begin(Connection connection) {
    if (connections.add(connection)) {
      Arrays.fill(places, 0);
      era++;
    }
    return era;
  }

  /**
   * Such a batch was executed: keeps what its outcomes tell to be recorded, unless its era is over.
   *
   * @param begun the {@link System#nanoTime} since when the database was there
   */
  void add(List<Outcome> outcomes, int since, long begun) {
    List<Entry> entries = entries(outcomes);
    synchronized (this) {
      if (since == era) {
        entries.forEach(this::put);
        trustedUntil = begun + trustNanos;
      }
    }
  }

  private List<Entry> entries(List<Outcome> outcomes) {
    int max = ring.capacity() / 8;
    List<Entry> entries = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Recorded recorded = outcome.recorded();
      if (recorded != null && max > 0) {
        Entry entry = new Entry(hash(recorded.key()), RecordedBytes.write(recorded));
        if (entry.length() <= max) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  /** Whether the database was there a moment ago, so that it cannot have been replaced since. */
  boolean isTrusted() {
    return System.nanoTime() - trustedUntil < 0;
  }

  /** Guarded by this. */
  private void put(Entry entry) {
    int left = ring.capacity() - offset(end);
    if (left < entry.length()) {
      end += left;
    }
    int offset = offset(end);
    ring.putInt(offset, entry.bytes().remaining());
    ring.putInt(offset + HASH_AT, entry.hash());
    ring.putLong(offset + EARLIER_AT, places[slot(entry.hash())]);
    ring.put(offset + HEADER, entry.bytes(), 0, entry.bytes().remaining());
    places[slot(entry.hash())] = end;
    end += entry.length();
  }

  /** The outcome of a repeat of one of them, or {@code null}. */
  @Nullable Outcome recall(Command command) {
    if (!isTrusted()) {
      return null;
    }
    byte[] bytes = find(hash(command.key()));
    if (bytes == null) {
      return null;
    }
    Recorded before = RecordedBytes.read(bytes);
    return before.key().equals(command.key()) ? Outcome.ofRepeat(command, before) : null;
  }

  private synchronized byte @Nullable [] find(int hash) {
    for (long place = places[slot(hash)]; isThere(place); ) {
      int offset = offset(place);
      if (ring.getInt(offset + HASH_AT) == hash) {
        byte[] bytes = new byte[ring.getInt(offset)];
        ring.get(offset + HEADER, bytes);
        return bytes;
      }
      place = ring.getLong(offset + EARLIER_AT);
    }
    return null;
  }

  /** Whether there is an outcome that is not overwritten. */
  private boolean isThere(long place) {
    return place != 0 && end - place <= ring.capacity();
  }

  private int offset(long place) {
    return (int) (place % ring.capacity());
  }

  private int slot(int hash) {
    return hash & (places.length - 1);
  }

  private static int hash(ExternalKey key) {
    int hash = 31 * key.source().hashCode() + key.externalId().hashCode();
    return hash ^ (hash >>> 16);
  }
}
