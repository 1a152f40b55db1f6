package org.jtorch.nn.distance;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;

/** The distance or the similarity of two tensors. */
public abstract class Distance extends Module<Distance.Input, Tensor> {

    /** The two tensors, whose shapes can be broadcast. */
    public record Input(Tensor x1, Tensor x2) {}

    Distance() {}

    /** Returns the distance of two tensors; see {@link #call(Object)}. */
    public final Tensor call(Tensor x1, Tensor x2) {
        return call(new Input(x1, x2));
    }
}
