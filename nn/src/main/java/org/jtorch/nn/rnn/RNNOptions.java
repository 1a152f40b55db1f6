package org.jtorch.nn.rnn;

import org.jtorch.nn.LayerOptions;

/**
 * The optional arguments of all recurrent layers.
 *
 * @param <S> the options class itself, so that calls can be chained
 */
public abstract class RNNOptions<S extends RNNOptions<S>> extends LayerOptions<S> {

    long numLayers = 1;
    boolean bias = true;
    boolean batchFirst;
    double dropout;
    boolean bidirectional;

    RNNOptions() {}

    /** Sets the number of layers, each of which reads the output of the one before it; the default is 1. */
    public S numLayers(long newNumLayers) {
        numLayers = newNumLayers;
        return self();
    }

    /** Sets whether there are biases; the default is {@code true}. */
    public S bias(boolean newBias) {
        bias = newBias;
        return self();
    }

    /**
     * Sets whether input and output are (N, L, …) instead of (L, N, …); the default is {@code false}. The form of the state
     * does not change.
     */
    public S batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return self();
    }

    /** Sets the probability with which an output of a layer other than the last is dropped in training; the default is 0. */
    public S dropout(double newDropout) {
        dropout = newDropout;
        return self();
    }

    /** Sets whether each layer also reads the sequence backwards; the default is {@code false}. */
    public S bidirectional(boolean newBidirectional) {
        bidirectional = newBidirectional;
        return self();
    }
}
