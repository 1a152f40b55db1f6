package org.jtorch.export.graph;

/** A boolean that is known, or an expression of symbols. */
public sealed interface SymBool {

    /** An expression. */
    record Expression(SymExpr value) implements SymBool {}

    /** A boolean that is known. */
    record Known(boolean value) implements SymBool {}
}
