package org.jtorch.nn.flatten;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Layer;

/**
 * Joins the dimensions from {@code start_dim} to {@code end_dim} to one; by default all except the first: {@code (N, *)} to
 * {@code (N, product of *)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html">torch.nn.Flatten</a>
 */
public class Flatten extends Layer {

    /** The optional arguments of {@link Flatten}. */
    public static final class Options {
        private long startDim = 1;
        private long endDim = -1;

        /** Sets the first dimension to flatten; the default is 1. */
        public Options startDim(long newStartDim) {
            startDim = newStartDim;
            return this;
        }

        /** Sets the last dimension to flatten; the default is -1. */
        public Options endDim(long newEndDim) {
            endDim = newEndDim;
            return this;
        }
    }

    private long startDim;
    private long endDim;

    /** Creates a layer that flattens all dimensions except the first. */
    public Flatten() {
        this(o -> {});
    }

    /** Creates a layer that flattens the dimensions from {@code startDim} on. */
    public Flatten(long startDim) {
        this(o -> o.startDim(startDim));
    }

    /** Creates a layer that flattens the dimensions from {@code startDim} to {@code endDim}. */
    public Flatten(long startDim, long endDim) {
        this(o -> o.startDim(startDim).endDim(endDim));
    }

    /** Creates a layer that flattens the dimensions that {@code options} sets. */
    public Flatten(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        startDim = o.startDim;
        endDim = o.endDim;
    }

    /** Returns the first dimension to flatten. */
    public final long startDim() {
        return startDim;
    }

    /** Sets {@link #startDim()}. */
    public final void startDim(long newStartDim) {
        startDim = newStartDim;
    }

    /** Returns the last dimension to flatten. */
    public final long endDim() {
        return endDim;
    }

    /** Sets {@link #endDim()}. */
    public final void endDim(long newEndDim) {
        endDim = newEndDim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return x.flatten(startDim, endDim);
    }

    @Override
    protected String extraRepr() {
        return "start_dim=" + startDim + ", end_dim=" + endDim;
    }
}
