/** Paying with points: the saga that the selling services share. */
@NullMarked
package points.purchases;

import org.jspecify.annotations.NullMarked;
