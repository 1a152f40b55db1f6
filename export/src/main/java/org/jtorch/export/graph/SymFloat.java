package org.jtorch.export.graph;

/** A number that is known, or an expression of symbols. */
public sealed interface SymFloat {

    /** An expression. */
    record Expression(SymExpr value) implements SymFloat {}

    /** A number that is known. */
    record Known(double value) implements SymFloat {}
}
