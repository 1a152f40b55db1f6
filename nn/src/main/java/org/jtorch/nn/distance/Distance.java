package org.jtorch.nn.distance;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;

/** How far two tensors are from each other, or how near. */
public abstract class Distance extends Module<Distance.Input, Tensor> {

    /** The two tensors, of shapes that broadcast. */
    public record Input(Tensor x1, Tensor x2) {}

    Distance() {}

    /** Returns the distance of two tensors: {@link #call(Object)}. */
    public final Tensor call(Tensor x1, Tensor x2) {
        return call(new Input(x1, x2));
    }
}
