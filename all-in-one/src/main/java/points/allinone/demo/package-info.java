/** {@code points demo}: the mission's story, played against a system that runs. */
@NullMarked
package points.allinone.demo;

import org.jspecify.annotations.NullMarked;
