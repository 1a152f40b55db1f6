package org.jtorch.nn.pooling;

import java.util.function.Consumer;

/** What max poolings share that give values and indices. */
public abstract class MaxPoolNdWithIndices extends WithIndices {

    final MaxPoolArguments a;

    MaxPoolNdWithIndices(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        a = new MaxPoolArguments(dims, kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        return a.toString();
    }
}
