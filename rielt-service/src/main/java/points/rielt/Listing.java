package points.rielt;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place to stay. Immutable.
 *
 * @param hostId who lets it; null where that is not known
 * @param nightPoints what a night costs, 1 to 10^9
 */
record Listing(UUID id, String title, @Nullable String hostId, long nightPoints) {}
