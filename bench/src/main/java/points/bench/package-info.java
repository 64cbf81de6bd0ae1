/** Measures the Points Service against what its own database can do. */
@NullMarked
package points.bench;

import org.jspecify.annotations.NullMarked;
