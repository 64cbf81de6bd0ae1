/** The client of Points Service: every call once in effect, however often it has to be sent. */
@NullMarked
package points.client;

import org.jspecify.annotations.NullMarked;
