package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;

/** What adaptive poolings by maxima share that give values and indices. */
public abstract class AdaptiveMaxPoolNdWithIndices extends WithIndices {

    private final OutputSize outputSize;

    AdaptiveMaxPoolNdWithIndices(int dims, @Nullable Number... outputSize) {
        this.outputSize = new OutputSize(dims, outputSize);
    }

    /** The pooling to a size. */
    abstract ValuesIndices pool(Tensor x, long[] size);

    @Override
    protected ValuesIndices forward(Tensor x) {
        return pool(x, outputSize.of(x));
    }

    @Override
    protected String extraRepr() {
        return outputSize.toString();
    }
}
