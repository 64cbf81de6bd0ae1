package points.connect.rules;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bounds the steps that the loops of an expression take, whatever the event: for a loop within a
 * loop, the product. The length of a list is bounded by how the list is made.
 */
final class CelSteps {
  private static final String PLUS = "_+_";
  private static final long MANY = 1_000_000_000;

  /** The length of the longest list anywhere in a value; 0 where there is none. */
  private final Map<String, Long> lengthOf = new HashMap<>();

  private final long itemsMax;

  private CelSteps(EventType type) {
    this.itemsMax = type.itemsMax();
  }

  /** How many steps all loops of an expression take together at most. */
  static long most(CelExpr expression, EventType type) {
    return new CelSteps(type).steps(expression);
  }

  private long steps(CelExpr node) {
    long steps = 0;
    if (node.exprKind().getKind() != Kind.COMPREHENSION) {
      for (CelExpr child : CelTrees.children(node)) {
        steps += steps(child);
      }
      return Math.min(MANY, steps);
    }
    var loop = node.comprehension();
    long length = length(loop.iterRange());
    LongSupplier inside = () -> 1 + steps(loop.loopCondition()) + steps(loop.loopStep());
    long each = within(loop, length, inside);
    return Math.min(MANY, steps(loop.iterRange()) + length * each);
  }

  private long length(CelExpr node) {
    long longest = 0;
    return switch (node.exprKind().getKind()) {
      case IDENT -> lengthOf.getOrDefault(node.ident().name(), 0L);
      case SELECT -> CelTrees.isFieldOfEvent(node) ? itemsMax : length(node.select().operand());
      case LIST, MAP, STRUCT -> {
        for (CelExpr child : CelTrees.children(node)) {
          longest = Math.max(longest, length(child));
        }
        yield Math.max(longest, CelTrees.children(node).size());
      }
      case CALL -> {
        for (CelExpr child : CelTrees.children(node)) {
          long its = length(child);
          longest = CelTrees.isCall(node, PLUS) ? longest + its : Math.max(longest, its);
        }
        yield Math.min(MANY, longest);
      }
      case COMPREHENSION -> {
        // CEL's own loops that give a list add at most one item in a step.
        var loop = node.comprehension();
        long steps = length(loop.iterRange());
        yield Math.max(steps, within(loop, steps, () -> length(loop.loopStep())));
      }
      case CONSTANT, NOT_SET -> 0;
    };
  }

  /** A loop's names hide those of the same name outside, and only inside. */
  private long within(CelExpr.CelComprehension loop, long length, LongSupplier inside) {
    Map<String, Long> outside = Map.copyOf(lengthOf);
    lengthOf.put(loop.iterVar(), length);
    lengthOf.put(loop.accuVar(), 0L);
    long result = inside.getAsLong();
    lengthOf.clear();
    lengthOf.putAll(outside);
    return result;
  }
}
