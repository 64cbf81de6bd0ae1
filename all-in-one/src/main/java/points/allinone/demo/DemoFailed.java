package points.allinone.demo;

import java.io.IOException;

/** The story went another way than it should. */
public final class DemoFailed extends IOException {
  private static final long serialVersionUID = 1;

  /** With what went otherwise. */
  public DemoFailed(String message) {
    super(message);
  }
}
