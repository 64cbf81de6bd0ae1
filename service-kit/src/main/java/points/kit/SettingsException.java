package points.kit;

/**
 * The settings are wrong. The message is one line that names the setting, where its value came from
 * and what is allowed; it never shows a secret.
 */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong in one line. */
  public SettingsException(String line) {
    super(line.replaceAll("\\p{Cntrl}", "?"));
  }
}
