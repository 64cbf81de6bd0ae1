package points.connect.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong with an expression although its types are right: what would fail, or run
 * too long, on some event there can be. Thread-safe.
 */
final class CelScrutiny {
  /** Names that only {@code points} can use: elsewhere there are no accounts yet. */
  private static final Set<String> OF_POINTS = Set.of("index", "count");

  /** What is told of a mistake, and where. */
  interface Report {
    /** Called for each. */
    void accept(CelExpr place, String message);
  }

  private final CelRuntime runtime;
  private final CelRuntime.Program matching;

  CelScrutiny(CelRuntime runtime, CelOptions options) {
    this.runtime = runtime;
    try {
      this.matching =
          runtime.createProgram(
              CelCompilerFactory.standardCelCompilerBuilder()
                  .setOptions(options)
                  .addVar("subject", SimpleType.STRING)
                  .addVar("pattern", SimpleType.STRING)
                  .build()
                  .compile("subject.matches(pattern)")
                  .getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("CEL has no matches()", e);
    }
  }

  /**
   * Reports all that is wrong.
   *
   * @param forPoints whether it is the expression of {@code points}
   * @param known the fields that are there for certain where it is evaluated
   */
  void examine(
      CelAbstractSyntaxTree tree,
      EventType type,
      boolean forPoints,
      Set<String> known,
      Report report) {
    CelExpr root = tree.getExpr();
    for (CelExpr read : CelPresence.unasked(root, type, known)) {
      String field = "event." + read.select().field();
      report.accept(
          read.select().operand(),
          "reads "
              + field
              + ", which not every "
              + type.name()
              + " has: ask has("
              + field
              + ") first");
    }
    names(root, forPoints, false, report);
    long steps = CelSteps.most(root, type);
    if (steps > CelExpressions.ITERATIONS_MAX) {
      report.accept(
          root,
          "takes more than "
              + CelExpressions.ITERATIONS_MAX
              + " steps on the largest event: up to "
              + steps);
      return; // nor are its constant parts tried
    }
    nested(tree, root, report);
    CelConstants.Failing failing = CelConstants.failing(runtime, tree);
    if (failing != null) {
      report.accept(failing.part(), failing.how());
    }
  }

  /** A loop that makes a list of lists copies them over and over: seconds for an event. */
  private static void nested(CelAbstractSyntaxTree tree, CelExpr node, Report report) {
    CelType type = tree.getType(node.id()).orElse(SimpleType.DYN);
    if (type.parameters().stream().anyMatch(item -> !item.parameters().isEmpty())) {
      report.accept(
          node, "is a list of lists, or the like: one in another is more than rules take");
      return; // what it consists of is not worth a word
    }
    CelTrees.children(node).forEach(child -> nested(tree, child, report));
  }

  private void names(CelExpr node, boolean forPoints, boolean ofField, Report report) {
    if (CelTrees.isName(node, "event") && !ofField) {
      report.accept(node, "is the event as a whole: name a field of it, like event.user_id");
    }
    if (node.exprKind().getKind() == Kind.IDENT
        && OF_POINTS.contains(node.ident().name())
        && !forPoints) {
      report.accept(node, node.ident().name() + " is known in points only");
    }
    if (CelTrees.isCall(node, "matches")) {
      CelExpr pattern = node.call().args().getLast();
      String wrong = wrongPattern(pattern);
      if (wrong != null) {
        report.accept(pattern, wrong);
      }
    }
    for (CelExpr child : CelTrees.children(node)) {
      names(child, forPoints, CelTrees.isFieldOfEvent(node), report);
    }
  }

  /** A pattern that comes with an event could be anything. */
  private @Nullable String wrongPattern(CelExpr pattern) {
    if (pattern.exprKind().getKind() != Kind.CONSTANT
        || pattern.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      return "is a pattern that is not written out";
    }
    try {
      Object unused =
          matching.eval(Map.of("subject", "", "pattern", pattern.constant().stringValue()));
      return null;
    } catch (CelEvaluationException e) {
      return "is no pattern that can be used: " + CelExpression.said(e);
    }
  }
}
