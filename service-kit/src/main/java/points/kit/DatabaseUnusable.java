package points.kit;

/**
 * The database cannot be used as it is. The message is one line that says what is wrong and what to
 * do; nothing was changed. A service ends with exit code 3 after it.
 */
public final class DatabaseUnusable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DatabaseUnusable(String line) {
    super(oneLine(line));
  }

  /** Says so in one line. */
  public DatabaseUnusable(String line, Throwable cause) {
    super(oneLine(line), cause);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
