/** What rules are, how they are read and checked, and what they make of an event. Pure code. */
@NullMarked
package points.connect.rules;

import org.jspecify.annotations.NullMarked;
