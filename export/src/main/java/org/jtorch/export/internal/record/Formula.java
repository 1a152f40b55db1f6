package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole number that depends on sizes: {@code factor * s0 * s1 + offset}.
 *
 * @param factor the factor; 0 for a constant
 * @param symbols the numbers of the symbols that are multiplied, in ascending order
 * @param offset the constant part
 */
record Formula(long factor, List<Integer> symbols, long offset) {

    /** The greatest number of sizes that are multiplied. */
    private static final int DEGREE = 3;

    static Formula constant(long value) {
        return new Formula(0, List.of(), value);
    }

    boolean isConstant() {
        return factor == 0;
    }

    /**
     * Returns the formula that gives each value for its sizes, or null if there is none.
     *
     * @param values a value for each recording
     * @param sizes the sizes of the symbols in each recording
     */
    static @Nullable Formula of(long[] values, List<long[]> sizes) {
        boolean same = true;
        for (long value : values) {
            same &= value == values[0];
        }
        if (same) {
            return constant(values[0]);
        }
        int symbols = sizes.get(0).length;
        List<List<Integer>> products = new ArrayList<>();
        products.add(List.of());
        int from = 0;
        for (int degree = 1; degree <= DEGREE; degree++) {
            int to = products.size();
            for (int p = from; p < to; p++) {
                List<Integer> shorter = products.get(p);
                int least = shorter.isEmpty() ? 0 : shorter.get(shorter.size() - 1);
                for (int s = least; s < symbols; s++) {
                    List<Integer> longer = new ArrayList<>(shorter);
                    longer.add(s);
                    products.add(List.copyOf(longer));
                    Formula formula = fit(values, sizes, longer);
                    if (formula != null) {
                        return formula;
                    }
                }
            }
            from = to;
        }
        return null;
    }

    private static @Nullable Formula fit(long[] values, List<long[]> sizes, List<Integer> symbols) {
        long first = product(symbols, sizes.get(0));
        long factor = 0;
        for (int i = 1; i < values.length && factor == 0; i++) {
            long step = product(symbols, sizes.get(i)) - first;
            if (step != 0) {
                if ((values[i] - values[0]) % step != 0) {
                    return null;
                }
                factor = (values[i] - values[0]) / step;
            }
        }
        Formula formula = new Formula(factor, List.copyOf(symbols), values[0] - factor * first);
        for (int i = 0; i < values.length; i++) {
            if (formula.value(sizes.get(i)) != values[i]) {
                return null;
            }
        }
        return factor == 0 ? null : formula;
    }

    private static long product(List<Integer> symbols, long[] sizes) {
        long product = 1;
        for (int symbol : symbols) {
            product *= sizes[symbol];
        }
        return product;
    }

    /** Returns the value for these sizes. */
    long value(long[] sizes) {
        return isConstant() ? offset : factor * product(symbols, sizes) + offset;
    }

    /** Returns the formula as SymPy writes it. */
    String sympy() {
        List<String> factors = new ArrayList<>();
        if (factor != 1) {
            factors.add("Integer(" + factor + ")");
        }
        int i = 0;
        while (i < symbols.size()) {
            int symbol = symbols.get(i);
            int end = i;
            while (end < symbols.size() && symbols.get(end) == symbol) {
                end++;
            }
            String name = "Symbol('" + name(symbol) + "', positive=True, integer=True)";
            factors.add(end - i == 1 ? name : "Pow(" + name + ", Integer(" + (end - i) + "))");
            i = end;
        }
        String product = factors.size() == 1 ? factors.get(0) : "Mul(" + String.join(", ", factors) + ")";
        return offset == 0 ? product : "Add(" + product + ", Integer(" + offset + "))";
    }

    /** Returns the name of a symbol. */
    static String name(int symbol) {
        return "s" + symbol;
    }
}
