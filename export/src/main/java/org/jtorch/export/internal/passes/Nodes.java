package org.jtorch.export.internal.passes;

import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/** Reads the arguments of nodes by name, and makes arguments of new nodes. */
final class Nodes {

    private Nodes() {}

    /** Returns an argument of a node that a pass made, which has it. */
    static Argument input(Node node, String name) {
        for (NamedArgument input : node.inputs()) {
            if (input.name().equals(name)) {
                return input.arg();
            }
        }
        throw new IllegalStateException(node.target() + " has no argument " + name);
    }

    /** Returns an argument by position. */
    static NamedArgument named(String name, Argument value) {
        return new NamedArgument(name, value, NamedArgument.POSITIONAL);
    }

    /** Returns a tensor as an argument by position; no tensor if {@code value} is null. */
    static NamedArgument tensor(String name, @Nullable String value) {
        return named(name, value == null ? new Argument.None() : new Argument.Tensor(value));
    }
}
