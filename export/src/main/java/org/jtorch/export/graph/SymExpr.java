package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;

/**
 * An expression of symbols.
 *
 * @param exprStr the expression as SymPy writes it: {@code Mul(Integer(2), Symbol('s77', positive=True, integer=True))}
 * @param hint its value when the program was exported; null if it was not known
 */
public record SymExpr(String exprStr, @Nullable Hint hint) {

    /** Creates an expression. */
    public SymExpr {
        Fields.required(exprStr, "text of an expression");
    }

    /** A value when the program was exported. */
    public sealed interface Hint {

        /** A whole number. */
        record Int(long value) implements Hint {}

        /** A boolean. */
        record Bool(boolean value) implements Hint {}

        /** A number. */
        record Float(double value) implements Hint {}
    }
}
