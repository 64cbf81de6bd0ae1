package points.kit;

/** Makes text that a stranger sent fit to be shown in an answer or a log line. */
final class Excerpt {

  private static final int LENGTH_MAX = 80;

  private Excerpt() {}

  /**
   * The first 80 characters, with everything but visible ASCII and spaces replaced by {@code ?}; a
   * text without any is shown as two quotation marks.
   */
  static String of(String text) {
    if (text.isEmpty()) {
      return "\"\"";
    }
    StringBuilder shown = new StringBuilder(Math.min(text.length(), LENGTH_MAX) + 1);
    for (int i = 0; i < text.length() && i < LENGTH_MAX; i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 127 ? c : '?');
    }
    return text.length() > LENGTH_MAX ? shown.append('…').toString() : shown.toString();
  }
}
