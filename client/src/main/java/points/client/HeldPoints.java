package points.client;

import java.time.Instant;

/**
 * A hold as it is read. Immutable.
 *
 * @param state how it stands
 * @param account whose points they are
 * @param source who placed it
 * @param externalId of the call that placed it
 * @param createdAt when
 */
public record HeldPoints(
    HoldState state, String account, String source, String externalId, Instant createdAt) {}
