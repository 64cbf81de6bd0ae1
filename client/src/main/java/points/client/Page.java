package points.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of many. Immutable.
 *
 * @param items in order
 * @param nextCursor where the next page starts; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  /**
   * Which page.
   *
   * @param limit how many items, 1 to 200
   * @param cursor the {@link Page#nextCursor()} of the page before; null for the first
   */
  public record Request(int limit, @Nullable String cursor) {

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is not 1 to 200
     */
    public Request {
      Checks.require(limit >= 1 && limit <= 200, "limit must be 1 to 200, not " + limit);
    }

    /** The first page. */
    public static Request first(int limit) {
      return new Request(limit, null);
    }
  }

  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }
}
