package org.jtorch.nn.pooling;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/** What adaptive poolings share that give one tensor: the size of the result. */
public abstract class AdaptivePoolNd extends Layer {

    private OutputSize outputSize;

    AdaptivePoolNd(int dims, @Nullable Number... outputSize) {
        this.outputSize = new OutputSize(dims, outputSize);
    }

    /** The pooling to a size. */
    abstract Tensor pool(Tensor x, long[] size);

    /** Returns the size of the result, one number for all spatial dimensions or one for each; null stands for the input's. */
    public final List<@Nullable Number> outputSize() {
        return outputSize.given();
    }

    /**
     * Sets {@link #outputSize()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
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
