/** Referral Service: who invited whom, and who rose; it tells of both. */
@NullMarked
package points.referral;

import org.jspecify.annotations.NullMarked;
