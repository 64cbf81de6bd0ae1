/** What breaks, broken on purpose: crashes, lost answers, races, corruption and bad databases. */
@NullMarked
package points.service.faults;

import org.jspecify.annotations.NullMarked;
