/** Quest Service: sells quests for points, and tells when one is completed. */
@NullMarked
package points.quest;

import org.jspecify.annotations.NullMarked;
