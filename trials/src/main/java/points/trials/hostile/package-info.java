/** The hostile client: calls, bytes, credentials and texts that nobody well-meaning would send. */
@NullMarked
package points.trials.hostile;

import org.jspecify.annotations.NullMarked;
