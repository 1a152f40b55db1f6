package org.jtorch.export.graph;

/** A whole number that is known, or an expression of symbols. */
public sealed interface SymInt {

    /** An expression. */
    record Expression(SymExpr value) implements SymInt {}

    /** A whole number that is known. */
    record Known(long value) implements SymInt {}
}
