package points.connect.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries the parts of an expression that no event has a say in: what fails there fails always. */
final class CelConstants {

  /** A part that fails whatever the event, and how. */
  record Failing(CelExpr part, String how) {}

  private final CelRuntime runtime;
  private final CelAbstractSyntaxTree tree;

  private CelConstants(CelRuntime runtime, CelAbstractSyntaxTree tree) {
    this.runtime = runtime;
    this.tree = tree;
  }

  /** The first and smallest part that fails; null for none. */
  static @Nullable Failing failing(CelRuntime runtime, CelAbstractSyntaxTree tree) {
    return new CelConstants(runtime, tree).find(tree.getExpr());
  }

  private @Nullable Failing find(CelExpr node) {
    String how = null;
    if (node.exprKind().getKind() != Kind.CONSTANT && isConstant(node, Set.of())) {
      how = failure(node);
      if (how == null) {
        return null;
      }
    }
    for (CelExpr child : CelTrees.children(node)) {
      Failing smaller = find(child);
      if (smaller != null) {
        return smaller;
      }
    }
    return how == null ? null : new Failing(node, how);
  }

  private static boolean isConstant(CelExpr node, Set<String> bound) {
    if (node.exprKind().getKind() == Kind.IDENT) {
      return bound.contains(node.ident().name());
    }
    Set<String> inside = bound;
    if (node.exprKind().getKind() == Kind.COMPREHENSION) {
      inside = new HashSet<>(bound);
      inside.add(node.comprehension().iterVar());
      inside.add(node.comprehension().accuVar());
    }
    for (CelExpr child : CelTrees.children(node)) {
      if (!isConstant(child, inside)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String failure(CelExpr part) {
    try {
      Object unused =
          runtime
              .createProgram(
                  CelAbstractSyntaxTree.newCheckedAst(
                      part, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap()))
              .eval();
      return null;
    } catch (CelEvaluationException e) {
      return "fails on every event: " + CelExpression.said(e);
    } catch (RuntimeException e) {
      return "fails on every event: " + e.getClass().getSimpleName();
    }
  }
}
