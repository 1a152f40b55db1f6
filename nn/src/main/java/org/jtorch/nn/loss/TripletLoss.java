package org.jtorch.nn.loss;

import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;

/** A measure of whether an anchor is nearer to one output than to another. */
public abstract class TripletLoss extends AnyLoss<TripletLoss.Input> {

    /**
     * The input of such a loss: three tensors of the same shape.
     *
     * @param anchor the tensor from which the distances are measured
     * @param positive the tensor that should be near
     * @param negative the tensor that should be far
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

    /** Returns the margin by which the distance of the negative should exceed that of the positive. */
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
