package points.connect.rules;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.ArrayList;
import java.util.List;

/** Looks at the nodes of checked expressions. */
final class CelTrees {
  private CelTrees() {}

  /** What a node is made of. */
  static List<CelExpr> children(CelExpr node) {
    List<CelExpr> children = new ArrayList<>();
    switch (node.exprKind().getKind()) {
      case SELECT -> children.add(node.select().operand());
      case CALL -> {
        node.call().target().ifPresent(children::add);
        children.addAll(node.call().args());
      }
      case LIST -> children.addAll(node.list().elements());
      case STRUCT -> node.struct().entries().forEach(entry -> children.add(entry.value()));
      case MAP ->
          node.map()
              .entries()
              .forEach(
                  entry -> {
                    children.add(entry.key());
                    children.add(entry.value());
                  });
      case COMPREHENSION -> {
        var loop = node.comprehension();
        children.addAll(
            List.of(
                loop.iterRange(),
                loop.accuInit(),
                loop.loopCondition(),
                loop.loopStep(),
                loop.result()));
      }
      case CONSTANT, IDENT, NOT_SET -> {}
    }
    return children;
  }

  static boolean isCall(CelExpr node, String function) {
    return node.exprKind().getKind() == Kind.CALL && node.call().function().equals(function);
  }

  /** Whether it is the constant {@code true}, or {@code false}. */
  static boolean isFlag(CelExpr node, boolean value) {
    return node.exprKind().getKind() == Kind.CONSTANT
        && node.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
        && node.constant().booleanValue() == value;
  }

  /** Whether it is {@code event.} and the name of a field, or asks for one by {@code has()}. */
  static boolean isFieldOfEvent(CelExpr node) {
    return node.exprKind().getKind() == Kind.SELECT && isName(node.select().operand(), "event");
  }

  static boolean isName(CelExpr node, String name) {
    return node.exprKind().getKind() == Kind.IDENT && node.ident().name().equals(name);
  }
}
