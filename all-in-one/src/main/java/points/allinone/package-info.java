/** The command line, and every service in one process on an embedded PostgreSQL. */
@NullMarked
package points.allinone;

import org.jspecify.annotations.NullMarked;
