package org.jtorch.nn.pooling;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/** The base class of adaptive poolings that return one tensor: the size of the output. */
public abstract class AdaptivePoolNd extends Layer {

    private OutputSize outputSize;

    AdaptivePoolNd(int dims, @Nullable Number... outputSize) {
        this.outputSize = new OutputSize(dims, outputSize);
    }

    /** Pools the input to the given size. */
    abstract Tensor pool(Tensor x, long[] size);

    /**
     * Returns the size of the output: one number for all spatial dimensions or one for each. Null stands for the size of the
     * input.
     */
    public final List<@Nullable Number> outputSize() {
        return outputSize.given();
    }

    /**
     * Sets {@link #outputSize()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void outputSize(@Nullable Number... newOutputSize) {
        outputSize = outputSize.with(newOutputSize);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return pool(x, outputSize.of(x));
    }

    @Override
    protected String extraRepr() {
        return outputSize.toString();
    }
}
