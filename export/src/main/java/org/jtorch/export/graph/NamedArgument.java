package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;

/**
 * An argument of a node.
 *
 * @param name the name in the operator's schema; empty for operators on graphs
 * @param arg the value
 * @param kind 1 if Python passes it by position, 2 by name; null in files of older PyTorch
 */
public record NamedArgument(
        String name, Argument arg, @Nullable Integer kind) {

    /** The {@link #kind} of an argument that is passed by position. */
    public static final int POSITIONAL = 1;

    /** The {@link #kind} of an argument that is passed by name. */
    public static final int KEYWORD = 2;

    /** Creates an argument. */
    public NamedArgument {
        Fields.required(name, "name of an argument");
        Fields.required(arg, "value of the argument '" + name + "'");
    }
}
