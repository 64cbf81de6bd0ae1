/** Tests of the Connect Service as its callers see it, on real PostgreSQL and real Points. */
@NullMarked
package points.connect;

import org.jspecify.annotations.NullMarked;
