package points.kit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code Content-Type} may say. */
final class MediaTypes {

  private MediaTypes() {}

  /** JSON in UTF-8, which is the only JSON there is. */
  static boolean isJson(@Nullable String contentType) {
    if (contentType == null || contentType.equals(Answer.JSON)) {
      return contentType != null;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals(Answer.JSON) || parts.length > 2) {
      return false;
    }
    return parts.length == 1 || parts[1].strip().replace("\"", "").equals("charset=utf-8");
  }
}
