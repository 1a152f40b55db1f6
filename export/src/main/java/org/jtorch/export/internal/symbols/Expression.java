package org.jtorch.export.internal.symbols;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.ExportException;

/** An expression of symbols, such as {@code 2*s77 + 1}. */
public sealed interface Expression {

    /** A symbol. */
    record Symbol(String name) implements Expression {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A constant. */
    record Constant(double value) implements Expression {
        @Override
        public String toString() {
            return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
        }
    }

    /** A function of expressions, by SymPy's name. */
    record Call(String function, List<Expression> arguments) implements Expression {
        @Override
        public String toString() {
            return switch (function) {
                case "Add" -> joined(" + ");
                case "Mul" -> joined("*");
                default -> function + "(" + joined(", ") + ")";
            };
        }

        private String joined(String separator) {
            return String.join(
                    separator, arguments.stream().map(Expression::toString).toList());
        }
    }

    /**
     * Reads an expression.
     *
     * @throws ExportException if the text is not an expression, or has a function that is not known
     */
    static Expression parse(String text) {
        return new ExpressionParser(text).parse();
    }

    /** Returns the symbols in this expression. */
    default Set<String> symbols() {
        Set<String> symbols = new LinkedHashSet<>();
        collect(this, symbols);
        return symbols;
    }

    private static void collect(Expression expression, Set<String> symbols) {
        if (expression instanceof Symbol symbol) {
            symbols.add(symbol.name());
        } else if (expression instanceof Call call) {
            call.arguments().forEach(each -> collect(each, symbols));
        }
    }

    /** Returns the value, or null if a symbol has none. */
    default @Nullable Double value(Map<String, Long> symbols) {
        if (this instanceof Constant constant) {
            return constant.value();
        }
        if (this instanceof Symbol symbol) {
            Long value = symbols.get(symbol.name());
            return value == null ? null : (double) value;
        }
        Call call = (Call) this;
        double[] arguments = new double[call.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
            Double value = call.arguments().get(i).value(symbols);
            if (value == null) {
                return null;
            }
            arguments[i] = value;
        }
        return Functions.of(call.function(), arguments);
    }

    /**
     * Returns the value that the only symbol without one must have so that this expression has a given value. Returns null if
     * there is more than one such symbol, the expression is not linear in it, or no whole number has this property.
     *
     * @param symbols the values of the other symbols
     */
    default @Nullable Long solve(String symbol, long wanted, Map<String, Long> symbols) {
        Map<String, Long> trial = new HashMap<>(symbols);
        Double[] values = new Double[3];
        for (long i = 0; i < values.length; i++) {
            trial.put(symbol, i);
            values[(int) i] = value(trial);
            if (values[(int) i] == null) {
                return null;
            }
        }
        double slope = values[1] - values[0];
        if (slope == 0 || values[2] - values[1] != slope) {
            return null;
        }
        double solution = (wanted - values[0]) / slope;
        trial.put(symbol, (long) solution);
        Double check = value(trial);
        return solution == Math.rint(solution) && check != null && check == wanted ? (long) solution : null;
    }
}
