package org.jtorch.nn.flatten;

import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;

/**
 * Splits one dimension into several: {@code (*, S, *)} to {@code (*, S1, S2, …, *)}. S is the product of the others.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html">torch.nn.Unflatten</a>
 */
public class Unflatten extends Layer {

    private long dim;
    private long[] unflattenedSize;

    /**
     * Creates a layer that splits a dimension.
     *
     * @param dim the dimension; a negative dimension counts from the last
     * @param unflattenedSize the new sizes; one of them may be -1, which is inferred
     */
    public Unflatten(long dim, long... unflattenedSize) {
        this.dim = dim;
        this.unflattenedSize = unflattenedSize.clone();
    }

    /** Returns the dimension to split. A negative dimension counts from the last. */
    public final long dim() {
        return dim;
    }

    /** Sets {@link #dim()}. */
    public final void dim(long newDim) {
        dim = newDim;
    }

    /** Returns a copy of the new sizes. */
    public final long[] unflattenedSize() {
        return unflattenedSize.clone();
    }

    /** Sets {@link #unflattenedSize()}. */
    public final void unflattenedSize(long... newUnflattenedSize) {
        unflattenedSize = newUnflattenedSize.clone();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return x.unflatten(dim, unflattenedSize);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim + ", unflattened_size=" + PythonText.tuple(unflattenedSize);
    }
}
