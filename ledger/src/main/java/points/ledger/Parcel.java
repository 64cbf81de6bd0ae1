package points.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some points together with where they came from.
 *
 * @param lotId the lot, or {@code null} for points that never expire
 * @param amount 1 or more
 */
public record Parcel(@Nullable UUID lotId, long amount) {}
