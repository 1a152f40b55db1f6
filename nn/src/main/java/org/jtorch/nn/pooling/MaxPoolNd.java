package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.nn.Layer;

/** What max poolings share that give values only. */
public abstract class MaxPoolNd extends Layer {

    final MaxPoolArguments a;

    MaxPoolNd(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        a = new MaxPoolArguments(dims, kernelSize, options);
    }

    @Override
    protected String extraRepr() {
        return a.toString();
    }
}
