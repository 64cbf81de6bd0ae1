/** Crowds: promises that are about many callers at once, at the figures of the promises' table. */
@NullMarked
package points.trials.crowds;

import org.jspecify.annotations.NullMarked;
