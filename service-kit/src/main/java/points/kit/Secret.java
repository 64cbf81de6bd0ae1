package points.kit;

/**
 * A text that must not be shown. Its string form hides it, so that it cannot slip into a log line
 * or an error. Immutable.
 */
public final class Secret {

  private final String text;

  /** Hides this text. */
  public Secret(String text) {
    this.text = text;
  }

  /** The text itself, to hand to whoever needs it and to nobody else. */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
