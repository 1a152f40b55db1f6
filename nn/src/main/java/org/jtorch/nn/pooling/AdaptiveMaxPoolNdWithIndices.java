package org.jtorch.nn.pooling;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;

/** What adaptive poolings by maxima share that give values and indices. */
public abstract class AdaptiveMaxPoolNdWithIndices extends WithIndices {

    private OutputSize outputSize;

    AdaptiveMaxPoolNdWithIndices(
            Class<? extends WithIndices> own, Class<?> plain, int dims, @Nullable Number... outputSize) {
        super(own, plain);
        this.outputSize = new OutputSize(dims, outputSize);
    }

    /** The pooling to a size. */
    abstract ValuesIndices pool(Tensor x, long[] size);

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
    protected ValuesIndices forward(Tensor x) {
        return pool(x, outputSize.of(x));
    }

    @Override
    protected String extraRepr() {
        return outputSize.toString();
    }
}
