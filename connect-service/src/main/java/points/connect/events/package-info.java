/** Domain events on their way in: CloudEvents 1.0, and the JSON Schemas of their data. */
@NullMarked
package points.connect.events;

import org.jspecify.annotations.NullMarked;
