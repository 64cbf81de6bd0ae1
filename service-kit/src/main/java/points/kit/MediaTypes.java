package points.kit;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code Content-Type} may say. */
final class MediaTypes {

  private MediaTypes() {}

  /** Whether this is one of these, in UTF-8 where a charset is named. */
  static boolean isOneOf(Set<String> allowed, @Nullable String contentType) {
    if (contentType == null || allowed.contains(contentType)) {
      return contentType != null;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!allowed.contains(parts[0].strip()) || parts.length > 2) {
      return false;
    }
    return parts.length == 1 || parts[1].strip().replace("\"", "").equals("charset=utf-8");
  }
}
