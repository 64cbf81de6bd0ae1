/** Rielt Service: books places to stay, paid with points in part or whole. */
@NullMarked
package points.rielt;

import org.jspecify.annotations.NullMarked;
