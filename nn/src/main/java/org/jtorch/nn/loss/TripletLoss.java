package org.jtorch.nn.loss;

import org.jtorch.Tensor;
import org.jtorch.nn.internal.PythonText;

/** A measure of whether an anchor is nearer to one output than to another. */
public abstract class TripletLoss extends AnyLoss<TripletLoss.Input> {

    /**
     * What such a loss takes, three tensors of the same shape.
     *
     * @param anchor from where the distances are taken
     * @param positive what should be near
     * @param negative what should be far
     */
    public record Input(Tensor anchor, Tensor positive, Tensor negative) {}

    /** By how much the negative should be farther than the positive. */
    public final double margin;

    TripletLoss(LossOptions<?> options, double margin) {
        super(options);
        if (!(margin > 0)) {
            throw new IllegalArgumentException(
                    className() + ": expected margin to be greater than 0, got " + PythonText.of(margin) + " instead");
        }
        this.margin = margin;
    }

    /** The loss: {@link #call(Object)}. */
    public final Tensor call(Tensor anchor, Tensor positive, Tensor negative) {
        return call(new Input(anchor, positive, negative));
    }
}
