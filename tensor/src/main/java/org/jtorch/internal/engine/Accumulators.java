package org.jtorch.internal.engine;

import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;

/** The nodes of graphs that accumulate the gradients of leaves. */
public final class Accumulators {

    private Accumulators() {}

    /** Returns the node of a leaf that requires grad, which the caller must close. It is created if no graph has it. */
    public static Node of(Tensor leaf) {
        try (Modes.Mode recording = Modes.recording();
                Tensor view = leaf.view_as(leaf);
                Node node = view.grad_fn()) {
            Edge edge = node.next_edge(0); // part of the node, which frees it
            return edge.function();
        }
    }
}
