/** The faults: what the nemesis does, and the trials that consist of it. */
@NullMarked
package points.trials.faults;

import org.jspecify.annotations.NullMarked;
