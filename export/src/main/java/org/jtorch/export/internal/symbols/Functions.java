package org.jtorch.export.internal.symbols;

import java.util.Arrays;
import java.util.Set;
import org.jtorch.export.graph.ExportException;

/** The functions of expressions, by SymPy's and PyTorch's names. */
final class Functions {

    private static final Set<String> KNOWN = Set.of(
            "Abs",
            "Add",
            "And",
            "CeilDiv",
            "CeilToInt",
            "CleanDiv",
            "Eq",
            "Equality",
            "Float",
            "FloatPow",
            "FloatTrueDiv",
            "FloorDiv",
            "FloorToInt",
            "Ge",
            "GreaterThan",
            "Gt",
            "Identity",
            "IntTrueDiv",
            "Integer",
            "Le",
            "LessThan",
            "Lt",
            "Max",
            "Min",
            "Mod",
            "Mul",
            "Ne",
            "Not",
            "Or",
            "Pow",
            "PowByNatural",
            "PythonMod",
            "Rational",
            "RoundToInt",
            "StrictGreaterThan",
            "StrictLessThan",
            "ToFloat",
            "TrueDiv",
            "TruncToFloat",
            "TruncToInt",
            "Unequality",
            "ceiling",
            "floor");

    private Functions() {}

    /**
     * Checks that there is a function of that name.
     *
     * @throws ExportException if there is none
     */
    static void check(String name) {
        if (!KNOWN.contains(name)) {
            throw new ExportException("the function '" + name
                    + "' of sizes is unknown: a newer PyTorch than 2.14 may have" + " written it");
        }
    }

    /**
     * Returns the value of a function.
     *
     * @throws ExportException if the function is not known, or takes another number of arguments
     */
    static double of(String name, double... a) {
        return switch (name) {
            case "Add" -> Arrays.stream(a).sum();
            case "Mul" -> Arrays.stream(a).reduce(1, (x, y) -> x * y);
            case "Max" -> Arrays.stream(a).max().orElseThrow(() -> wrong(name, a));
            case "Min" -> Arrays.stream(a).min().orElseThrow(() -> wrong(name, a));
            case "Pow", "PowByNatural", "FloatPow" -> Math.pow(at(name, a, 0), at(name, a, 1));
            case "FloorDiv", "CleanDiv" -> Math.floor(at(name, a, 0) / at(name, a, 1));
            case "CeilDiv" -> Math.ceil(at(name, a, 0) / at(name, a, 1));
            case "Mod", "PythonMod" -> at(name, a, 0) - Math.floor(at(name, a, 0) / at(name, a, 1)) * at(name, a, 1);
            case "Rational", "IntTrueDiv", "FloatTrueDiv", "TrueDiv" -> at(name, a, 0) / at(name, a, 1);
            case "Integer", "Float", "ToFloat", "Identity" -> at(name, a, 0);
            case "TruncToInt", "TruncToFloat" -> at(name, a, 0) < 0 ? Math.ceil(a[0]) : Math.floor(a[0]);
            case "FloorToInt", "floor" -> Math.floor(at(name, a, 0));
            case "CeilToInt", "ceiling" -> Math.ceil(at(name, a, 0));
            case "RoundToInt" -> Math.rint(at(name, a, 0));
            case "Abs" -> Math.abs(at(name, a, 0));
            case "Equality", "Eq" -> bool(at(name, a, 0) == at(name, a, 1));
            case "Unequality", "Ne" -> bool(at(name, a, 0) != at(name, a, 1));
            case "GreaterThan", "Ge" -> bool(at(name, a, 0) >= at(name, a, 1));
            case "LessThan", "Le" -> bool(at(name, a, 0) <= at(name, a, 1));
            case "StrictGreaterThan", "Gt" -> bool(at(name, a, 0) > at(name, a, 1));
            case "StrictLessThan", "Lt" -> bool(at(name, a, 0) < at(name, a, 1));
            case "And" -> bool(Arrays.stream(a).allMatch(x -> x != 0));
            case "Or" -> bool(Arrays.stream(a).anyMatch(x -> x != 0));
            case "Not" -> bool(at(name, a, 0) == 0);
            default -> throw new AssertionError("no function " + name);
        };
    }

    private static double bool(boolean value) {
        return value ? 1 : 0;
    }

    private static double at(String name, double[] arguments, int index) {
        if (index >= arguments.length) {
            throw wrong(name, arguments);
        }
        return arguments[index];
    }

    private static ExportException wrong(String name, double[] arguments) {
        return new ExportException("the function '" + name + "' of sizes has " + arguments.length + " arguments");
    }
}
