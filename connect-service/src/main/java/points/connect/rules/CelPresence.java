package points.connect.rules;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the fields that an expression reads where they may be absent: those that not every event
 * has, unless {@code has()} is known to be true wherever they are read. It follows {@code &&},
 * {@code ||}, {@code !} and {@code ?:}; as one false part of {@code &&} decides whatever the other
 * one does, a part may stand before the one that asks.
 */
final class CelPresence {
  private static final String AND = "_&&_";
  private static final String OR = "_||_";
  private static final String NOT = "!_";
  private static final String CHOICE = "_?_:_";

  private final EventType type;
  private final List<CelExpr> unasked = new ArrayList<>();

  private CelPresence(EventType type) {
    this.type = type;
  }

  /**
   * The places where a field is read that may be absent.
   *
   * @param known fields that are there for another reason
   */
  static List<CelExpr> unasked(CelExpr expression, EventType type, Set<String> known) {
    CelPresence presence = new CelPresence(type);
    presence.walk(expression, known);
    return presence.unasked;
  }

  /** The fields that are there for certain where a condition is true. */
  static Set<String> asked(CelExpr condition, EventType type) {
    return new CelPresence(type).where(condition, true);
  }

  private void walk(CelExpr node, Set<String> known) {
    if (CelTrees.isFieldOfEvent(node)) {
      String field = node.select().field();
      if (!node.select().testOnly() && !type.required().contains(field) && !known.contains(field)) {
        unasked.add(node);
      }
      return;
    }
    if (CelTrees.isCall(node, AND) || CelTrees.isCall(node, OR)) {
      // The value of a part counts only where the other one leaves the matter open.
      boolean open = CelTrees.isCall(node, AND);
      List<CelExpr> parts = node.call().args();
      for (int i = 0; i < parts.size(); i++) {
        walk(parts.get(i), union(known, where(parts.get(1 - i), open)));
      }
    } else if (CelTrees.isCall(node, CHOICE)) {
      CelExpr condition = node.call().args().get(0);
      walk(condition, known);
      walk(node.call().args().get(1), union(known, where(condition, true)));
      walk(node.call().args().get(2), union(known, where(condition, false)));
    } else {
      CelTrees.children(node).forEach(child -> walk(child, known));
    }
  }

  /** The fields that are there for certain where a condition has this value. */
  private Set<String> where(CelExpr node, boolean value) {
    if (CelTrees.isFlag(node, !value)) {
      return type.fields().keySet(); // it never has that value
    }
    if (CelTrees.isFieldOfEvent(node) && node.select().testOnly()) {
      return value ? Set.of(node.select().field()) : Set.of();
    }
    if (CelTrees.isCall(node, NOT)) {
      return where(node.call().args().getFirst(), !value);
    }
    if (CelTrees.isCall(node, AND) || CelTrees.isCall(node, OR)) {
      Set<String> left = where(node.call().args().get(0), value);
      Set<String> right = where(node.call().args().get(1), value);
      boolean both = CelTrees.isCall(node, AND) == value;
      return both ? union(left, right) : intersection(left, right);
    }
    if (CelTrees.isCall(node, CHOICE)) {
      List<CelExpr> args = node.call().args();
      return intersection(
          union(where(args.get(0), true), where(args.get(1), value)),
          union(where(args.get(0), false), where(args.get(2), value)));
    }
    return Set.of();
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  private static Set<String> intersection(Set<String> some, Set<String> others) {
    Set<String> common = new HashSet<>(some);
    common.retainAll(others);
    return common;
  }
}
