package org.jtorch.export.internal.draw;

import org.jtorch.Tensor;

/**
 * A tensor that a graph reads and that no caller passes.
 *
 * @param name its name in the module, or in the graph
 * @param type its dtype and sizes
 * @param elements the number of its elements
 */
public record Weight(String name, String type, long elements) {

    /** Returns the description of a tensor. */
    public static Weight of(String name, Tensor tensor) {
        return new Weight(name, dtype(tensor.dtype().toString()) + tensor.size(), tensor.numel());
    }

    /** Returns the name of a dtype without {@code torch.}. */
    static String dtype(String name) {
        return name.replaceFirst("^torch\\.", "");
    }
}
