/**
 * What every service shares: HTTP, authentication, problem+json, settings, database, health,
 * metrics.
 */
@NullMarked
package points.kit;

import org.jspecify.annotations.NullMarked;
