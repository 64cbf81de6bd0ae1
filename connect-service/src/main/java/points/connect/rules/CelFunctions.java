package points.connect.rules;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;

/** The functions that rules have beyond CEL's own; see {@link Shares} for what they do. */
final class CelFunctions {
  private static final CelType INT = SimpleType.INT;
  private static final String SHARE = "share_int_int";
  private static final String SPLIT = "split_int_int_int";
  private static final String SPLIT_BY_WEIGHT = "split_int_list_int";

  private CelFunctions() {}

  static List<CelFunctionDecl> declarations() {
    return List.of(
        CelFunctionDecl.newFunctionDeclaration(
            "share", CelOverloadDecl.newGlobalOverload(SHARE, INT, INT, INT)),
        CelFunctionDecl.newFunctionDeclaration(
            "split",
            CelOverloadDecl.newGlobalOverload(SPLIT, INT, INT, INT, INT),
            CelOverloadDecl.newGlobalOverload(
                SPLIT_BY_WEIGHT, INT, INT, ListType.create(INT), INT)));
  }

  static List<CelFunctionBinding> bindings() {
    List<CelFunctionBinding> all = new ArrayList<>();
    all.addAll(
        CelFunctionBinding.fromOverloads(
            "share", CelFunctionBinding.from(SHARE, Long.class, Long.class, CelFunctions::share)));
    all.addAll(
        CelFunctionBinding.fromOverloads(
            "split",
            CelFunctionBinding.from(
                SPLIT,
                ImmutableList.of(Long.class, Long.class, Long.class),
                args -> split((Long) args[0], (Long) args[1], (Long) args[2])),
            CelFunctionBinding.from(
                SPLIT_BY_WEIGHT,
                ImmutableList.of(Long.class, List.class, Long.class),
                args -> splitByWeight((Long) args[0], (List<?>) args[1], (Long) args[2]))));
    return all;
  }

  private static Object share(Long amount, Long basisPoints) throws CelEvaluationException {
    try {
      return Shares.share(amount, basisPoints);
    } catch (ArithmeticException e) {
      throw new CelEvaluationException("share: " + e.getMessage(), e);
    }
  }

  private static Object split(Long amount, Long count, Long index) throws CelEvaluationException {
    try {
      return Shares.split(amount, count, index);
    } catch (ArithmeticException e) {
      throw new CelEvaluationException("split: " + e.getMessage(), e);
    }
  }

  private static Object splitByWeight(Long amount, List<?> weights, Long index)
      throws CelEvaluationException {
    try {
      return Shares.splitByWeight(amount, weights.stream().map(Long.class::cast).toList(), index);
    } catch (ArithmeticException e) {
      throw new CelEvaluationException("split: " + e.getMessage(), e);
    }
  }
}
