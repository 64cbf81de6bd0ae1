/** All SQL of the Points Service. */
@NullMarked
package points.service.postgres;

import org.jspecify.annotations.NullMarked;
