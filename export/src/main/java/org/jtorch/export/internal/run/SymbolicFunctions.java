package org.jtorch.export.internal.run;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.ExportException;

/** The functions of Python that a graph calls on sizes, by their names in the schema, such as {@code _operator.mul}. */
final class SymbolicFunctions {

    private static final Map<String, BinaryOperator<Number>> ARITHMETIC = Map.of(
            "_operator.add", (a, b) -> whole(a, b) ? (Number) Math.addExact(a.longValue(), b.longValue()) : d(a) + d(b),
            "_operator.sub",
                    (a, b) -> whole(a, b) ? (Number) Math.subtractExact(a.longValue(), b.longValue()) : d(a) - d(b),
            "_operator.mul",
                    (a, b) -> whole(a, b) ? (Number) Math.multiplyExact(a.longValue(), b.longValue()) : d(a) * d(b),
            "_operator.floordiv",
                    (a, b) -> whole(a, b)
                            ? (Number) Math.floorDiv(a.longValue(), b.longValue())
                            : Math.floor(d(a) / d(b)),
            "_operator.mod",
                    (a, b) -> whole(a, b)
                            ? (Number) Math.floorMod(a.longValue(), b.longValue())
                            : d(a) - Math.floor(d(a) / d(b)) * d(b),
            "_operator.truediv", (a, b) -> d(a) / d(b),
            "_operator.pow", SymbolicFunctions::power,
            "torch.sym_max", (a, b) -> d(a) >= d(b) ? a : b,
            "torch.sym_min", (a, b) -> d(a) <= d(b) ? a : b);

    private SymbolicFunctions() {}

    /** Returns the function with a name, or null if there is none. */
    static FunctionStep.@Nullable Body of(String name) {
        BinaryOperator<Number> arithmetic = ARITHMETIC.get(name);
        if (arithmetic != null) {
            return a -> List.of(arithmetic.apply(number(a, 0), number(a, 1)));
        }
        return switch (name) {
            case "_operator.eq" -> a -> List.of(compare(a) == 0);
            case "_operator.ne" -> a -> List.of(compare(a) != 0);
            case "_operator.lt" -> a -> List.of(compare(a) < 0);
            case "_operator.le" -> a -> List.of(compare(a) <= 0);
            case "_operator.gt" -> a -> List.of(compare(a) > 0);
            case "_operator.ge" -> a -> List.of(compare(a) >= 0);
            case "_operator.and_" ->
                a -> List.of(
                        a.get(0) instanceof Boolean x && a.get(1) instanceof Boolean y
                                ? (Object) (x && y)
                                : number(a, 0).longValue() & number(a, 1).longValue());
            case "_operator.or_" ->
                a -> List.of(
                        a.get(0) instanceof Boolean x && a.get(1) instanceof Boolean y
                                ? (Object) (x || y)
                                : number(a, 0).longValue() | number(a, 1).longValue());
            case "_operator.lshift" ->
                a -> List.of(number(a, 0).longValue() << number(a, 1).longValue());
            case "_operator.rshift" ->
                a -> List.of(number(a, 0).longValue() >> number(a, 1).longValue());
            case "_operator.neg" ->
                a -> List.of(number(a, 0) instanceof Long x ? (Number) Math.negateExact(x) : -d(number(a, 0)));
            case "_operator.pos" -> a -> List.of(number(a, 0));
            case "torch.sym_not" -> a -> List.of(!truth(a, 0));
            case "torch.sym_ite" -> a -> List.of(truth(a, 0) ? number(a, 1) : number(a, 2));
            case "torch.sym_int", "math.trunc" -> a -> List.of(number(a, 0).longValue());
            case "math.floor" -> a -> List.of((long) Math.floor(d(number(a, 0))));
            case "math.ceil" -> a -> List.of((long) Math.ceil(d(number(a, 0))));
            case "torch.sym_float" -> a -> List.of(d(number(a, 0)));
            case "torch.sym_sqrt", "torch._sym_sqrt", "torch.sym_sqrt.default" ->
                a -> List.of(Math.sqrt(d(number(a, 0))));
            default -> null;
        };
    }

    private static Number power(Number a, Number b) {
        if (!whole(a, b) || b.longValue() < 0) {
            return Math.pow(d(a), d(b));
        }
        long result = 1;
        for (long i = 0; i < b.longValue(); i++) {
            result = Math.multiplyExact(result, a.longValue());
        }
        return result;
    }

    private static boolean whole(Number a, Number b) {
        return a instanceof Long && b instanceof Long;
    }

    private static double d(Number number) {
        return number.doubleValue();
    }

    private static int compare(List<? extends @Nullable Object> arguments) {
        Number a = number(arguments, 0);
        Number b = number(arguments, 1);
        return whole(a, b) ? Long.compare(a.longValue(), b.longValue()) : Double.compare(d(a), d(b));
    }

    private static Number number(List<? extends @Nullable Object> arguments, int index) {
        Object value = index < arguments.size() ? arguments.get(index) : null;
        if (value instanceof Number number) {
            return number;
        }
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        throw new ExportException("argument " + index + " must be a number, but is "
                + (value == null ? "missing" : value.getClass().getSimpleName()));
    }

    private static boolean truth(List<? extends @Nullable Object> arguments, int index) {
        return number(arguments, index).doubleValue() != 0;
    }
}
