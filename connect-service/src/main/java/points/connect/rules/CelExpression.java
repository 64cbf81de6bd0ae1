package points.connect.rules;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** An expression in CEL. */
record CelExpression(String text, List<String> reads, CelRuntime.Program program)
    implements Expression {
  private static final Pattern PLACE =
      Pattern.compile("^evaluation error(?: at [^ ]*:[0-9]+)?: (?:evaluation error: )?");

  @Override
  public Object evaluate(Values values) throws ExpressionFailed {
    try {
      CelVariableResolver resolver = name -> variable(name, values);
      return program.eval(resolver);
    } catch (CelEvaluationException e) {
      throw new ExpressionFailed(explain(e));
    } catch (RuntimeException e) {
      // Whatever an interpreter does with hostile input, it is this event's trouble alone.
      throw new ExpressionFailed(text + " failed: " + e.getClass().getSimpleName());
    }
  }

  private static Optional<Object> variable(String name, Values values) {
    return switch (name) {
      case "event" -> Optional.of(new CelEvent(values.event()));
      case "event_id" -> Optional.of(values.event().id());
      case "event_source" -> Optional.of(values.event().source());
      case "event_time" -> Optional.of(values.event().time());
      case "index" -> Optional.of(values.index());
      case "count" -> Optional.of(values.count());
      default -> Optional.empty();
    };
  }

  private String explain(CelEvaluationException e) {
    if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
      return text + " reads a field that the event does not have: ask has(event.…) first";
    }
    if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
      return text + " takes more than " + CelExpressions.ITERATIONS_MAX + " steps";
    }
    return text + " failed: " + said(e);
  }

  /** What went wrong, without where: the expression is short, and what is told first. */
  static String said(CelEvaluationException e) {
    String said = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    return said.equals("/ by zero") ? "it divides by zero" : said;
  }
}
