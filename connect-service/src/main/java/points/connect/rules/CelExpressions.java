package points.connect.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Expressions in CEL, the Common Expression Language, without its fractions and untyped values. */
final class CelExpressions implements Expressions {
  /** How many steps all loops of an expression may take together. */
  static final int ITERATIONS_MAX = 1_000;

  static final int LENGTH_MAX = 2_000;
  private static final int NODES_MAX = 500;
  private static final int DEPTH_MAX = 24;
  private static final int REGEX_MAX = 500;

  /** Each loop may make a text many times as long: a chain of them would fill the memory. */
  private static final int LOOPS_MAX = 2;

  private static final int MESSAGE_MAX = 200;
  private static final String AND = "_&&_";

  private static final Set<String> OF_ENVELOPE = Set.of("event_id", "event_source", "event_time");

  /** What would let a fraction, or a value whose type nobody knows, into a rule. */
  private static final Set<String> REFUSED = Set.of("dyn", "double", "type");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .maxExpressionCodePointSize(LENGTH_MAX)
          .maxParseRecursionDepth(DEPTH_MAX)
          .maxParseExpressionNodeCount(NODES_MAX)
          .maxRegexProgramSize(REGEX_MAX)
          .populateMacroCalls(true)
          // The faster of CEL's two interpreters asks for it.
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private final CelRuntime runtime =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addFunctionBindings(CelFunctions.bindings())
          .build();

  private final CelScrutiny scrutiny = new CelScrutiny(runtime, OPTIONS);
  private final Map<EventType, CelCompiler> compilers = new ConcurrentHashMap<>();

  private static CelCompiler compilerFor(EventType type) {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .setTypeProvider(new CelTypes(type))
        .addVar("event", StructTypeReference.create(type.name()))
        .addVar("event_id", SimpleType.STRING)
        .addVar("event_source", SimpleType.STRING)
        .addVar("event_time", SimpleType.TIMESTAMP)
        .addVar("index", SimpleType.INT)
        .addVar("count", SimpleType.INT)
        .addFunctionDeclarations(CelFunctions.declarations())
        .build();
  }

  @Override
  public Expression compile(Scalar text, EventType type, Wanted wanted) {
    return expression(text.text(), check(text, type, wanted));
  }

  @Override
  public List<Expression> compileCondition(Scalar text, EventType type) {
    CelAbstractSyntaxTree whole = check(text, type, Wanted.FLAG);
    List<Expression> parts = new ArrayList<>();
    for (String part : conjuncts(whole)) {
      Scalar place = new Scalar(text.field(), part, true, text.line(), text.column());
      parts.add(expression(part, check(place, type, Wanted.FLAG)));
    }
    return List.copyOf(parts);
  }

  @Override
  public List<Mistake> examine(Scalar text, EventType type, Wanted wanted, Set<String> known) {
    CelAbstractSyntaxTree tree = check(text, type, wanted);
    List<Mistake> mistakes = new ArrayList<>();
    scrutiny.examine(
        tree,
        type,
        wanted == Wanted.INTEGER,
        known,
        (place, message) -> mistakes.add(mistake(text, tree, place, message)));
    return mistakes;
  }

  @Override
  public Set<String> asked(Scalar condition, EventType type) {
    return CelPresence.asked(check(condition, type, Wanted.FLAG).getExpr(), type);
  }

  @Override
  public String tidy(Scalar text, EventType type, Wanted wanted) {
    return CelUnparserFactory.newUnparser().unparse(check(text, type, wanted));
  }

  private CelAbstractSyntaxTree check(Scalar text, EventType type, Wanted wanted) {
    CelCompiler compiler = compilers.computeIfAbsent(type, CelExpressions::compilerFor);
    CelValidationResult result = compiler.compile(text.text());
    if (result.hasError()) {
      CelIssue first = result.getErrors().getFirst();
      throw refused(
          text,
          first.getSourceLocation().getLine(),
          first.getSourceLocation().getColumn(),
          message(first, type));
    }
    try {
      CelAbstractSyntaxTree tree = result.getAst();
      refuseUnwanted(text, tree);
      if (!gives(tree.getResultType(), wanted)) {
        throw refused(
            text, 1, 0, "gives " + describe(tree.getResultType()) + ", not " + wanted.description);
      }
      return tree;
    } catch (CelValidationException e) {
      throw refused(text, 1, 0, "is no expression: " + e.getMessage());
    }
  }

  private static String message(CelIssue issue, EventType type) {
    String said = issue.getMessage().replaceAll("\\s+", " ");
    if (said.startsWith("undefined field ")) {
      return said + ": " + type.name() + " has " + String.join(", ", type.names());
    }
    return said.length() > MESSAGE_MAX ? said.substring(0, MESSAGE_MAX) + "…" : said;
  }

  private static RuleRefused refused(Scalar text, int line, int column, String message) {
    return new RuleRefused(text.mistakeAt(Math.max(1, line), Math.max(0, column), message));
  }

  private static boolean gives(CelType type, Wanted wanted) {
    return switch (wanted) {
      case FLAG -> type.equals(SimpleType.BOOL);
      case INTEGER -> type.equals(SimpleType.INT);
      case TEXT -> type.equals(SimpleType.STRING);
      case ACCOUNTS ->
          type.equals(SimpleType.STRING) || type.equals(ListType.create(SimpleType.STRING));
    };
  }

  private static String describe(CelType type) {
    return type instanceof ListType list ? "a list of " + list.elemType().name() : type.name();
  }

  private static void refuseUnwanted(Scalar text, CelAbstractSyntaxTree tree) {
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .forEach(
            node -> {
              refuseUnwanted(text, tree, node.expr());
              if (loops(node) > LOOPS_MAX) {
                throw refused(
                    text,
                    tree,
                    node.expr(),
                    "is one of more than " + LOOPS_MAX + " loops in each other");
              }
            });
  }

  /** How many loops a node is in, itself included; the one that gives a loop its list is in it. */
  private static int loops(CelNavigableExpr node) {
    if (node.getKind() != Kind.COMPREHENSION) {
      return 0;
    }
    int loops = 1;
    for (var above = node.parent(); above.isPresent(); above = above.get().parent()) {
      loops += above.get().getKind() == Kind.COMPREHENSION ? 1 : 0;
    }
    return loops;
  }

  private static void refuseUnwanted(Scalar text, CelAbstractSyntaxTree tree, CelExpr node) {
    boolean call =
        node.exprKind().getKind() == Kind.CALL && REFUSED.contains(node.call().function());
    boolean fraction =
        node.exprKind().getKind() == Kind.CONSTANT
            && node.constant().getKind() == CelConstant.Kind.DOUBLE_VALUE;
    if (call || fraction) {
      String what = call ? node.call().function() + "() is not available" : "is a fraction";
      throw refused(
          text,
          tree,
          node,
          what + ": rules count in whole points and basis points, see share() and split()");
    }
  }

  private static RuleRefused refused(
      Scalar text, CelAbstractSyntaxTree tree, CelExpr node, String message) {
    return new RuleRefused(mistake(text, tree, node, message));
  }

  private static Mistake mistake(
      Scalar text, CelAbstractSyntaxTree tree, CelExpr node, String message) {
    var place =
        tree.getSource()
            .getOffsetLocation(tree.getSource().getPositionsMap().getOrDefault(node.id(), 0));
    return text.mistakeAt(
        place.map(p -> Math.max(1, p.getLine())).orElse(1),
        place.map(p -> Math.max(0, p.getColumn())).orElse(0),
        message);
  }

  private static List<String> conjuncts(CelAbstractSyntaxTree tree) {
    List<String> parts = new ArrayList<>();
    collect(tree, tree.getExpr(), parts);
    return parts;
  }

  private static void collect(CelAbstractSyntaxTree tree, CelExpr node, List<String> parts) {
    if (node.exprKind().getKind() == Kind.CALL && node.call().function().equals(AND)) {
      node.call().args().forEach(part -> collect(tree, part, parts));
    } else {
      parts.add(
          CelUnparserFactory.newUnparser()
              .unparse(CelAbstractSyntaxTree.newParsedAst(node, tree.getSource())));
    }
  }

  private Expression expression(String text, CelAbstractSyntaxTree tree) {
    Set<String> reads = new LinkedHashSet<>();
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .forEach(
            node -> {
              if (CelTrees.isFieldOfEvent(node)) {
                reads.add(node.select().field());
              } else if (OF_ENVELOPE.stream().anyMatch(name -> CelTrees.isName(node, name))) {
                reads.add(node.ident().name());
              }
            });
    try {
      return new CelExpression(text, List.copyOf(reads), runtime.createProgram(tree));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("a checked expression is no program: " + text, e);
    }
  }
}
