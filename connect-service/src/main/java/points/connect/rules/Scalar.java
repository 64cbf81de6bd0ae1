package points.connect.rules;

/**
 * A single value of a rule's text, and where it is.
 *
 * @param field its full name
 * @param text without quotes
 * @param plain whether it was written without quotes on its own
 * @param line from 1
 * @param column from 1
 */
record Scalar(String field, String text, boolean plain, int line, int column) {

  /** Where a character of the text is, as exactly as the way it is written allows. */
  Mistake mistakeAt(int textLine, int textColumn, String message) {
    if (textLine > 1 || text.indexOf('\n') >= 0) {
      // A block: its first line is the one below the mark that introduces it.
      return new Mistake(field, line + textLine, textColumn + 1, message);
    }
    return new Mistake(field, line, column + textColumn + (plain ? 0 : 1), message);
  }
}
