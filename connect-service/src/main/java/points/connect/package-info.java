/**
 * The Connect Service: domain events come in, rules decide what they are worth, RewardActions go
 * out to Points.
 */
@NullMarked
package points.connect;

import org.jspecify.annotations.NullMarked;
