package points.connect.rules;

import java.util.List;
import java.util.stream.Collectors;

/** A text is no rule that could be saved. It has no stack trace: it is an answer, not a fault. */
public final class RuleRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  RuleRefused(List<Mistake> mistakes) {
    super(
        mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; ")),
        null,
        false,
        false);
    this.mistakes = List.copyOf(mistakes);
  }

  RuleRefused(Mistake mistake) {
    this(List.of(mistake));
  }

  /** All that is wrong, at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
