package org.jtorch.nn.loss;

import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;

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

    double margin;

    TripletLoss(LossOptions<?> options, double margin) {
        super(options);
        this.margin = positive(margin);
    }

    private double positive(double newMargin) {
        if (!(newMargin > 0)) {
            throw new IllegalArgumentException(className() + ": expected margin to be greater than 0, got "
                    + PythonText.of(newMargin) + " instead");
        }
        return newMargin;
    }

    /** By how much the negative should be farther than the positive. */
    public final double margin() {
        return margin;
    }

    /**
     * Sets {@link #margin()}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public final void margin(double newMargin) {
        margin = positive(newMargin);
    }

    /** Returns the loss; see {@link #call(Object)}. */
    public final Tensor call(Tensor anchor, Tensor positive, Tensor negative) {
        return call(new Input(anchor, positive, negative));
    }
}
