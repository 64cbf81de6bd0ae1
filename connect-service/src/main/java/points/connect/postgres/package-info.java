/** All SQL of the Connect Service. */
@NullMarked
package points.connect.postgres;

import org.jspecify.annotations.NullMarked;
