/**
 * What is promised, shown under faults: real processes, real signals, a seeded nemesis.
 *
 * <p>A trial is a {@link points.trials.Trial}; {@link points.trials.Trials} lists them all. What
 * they share is here: processes to kill, callers that keep a history, the checks of a history. The
 * faults themselves are in {@code points.trials.faults}, the hostile client in {@code
 * points.trials.hostile}.
 */
@NullMarked
package points.trials;

import org.jspecify.annotations.NullMarked;
