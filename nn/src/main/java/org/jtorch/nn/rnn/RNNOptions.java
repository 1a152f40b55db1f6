package org.jtorch.nn.rnn;

import org.jtorch.nn.LayerOptions;

/**
 * The optional arguments that all recurrent layers have.
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

    /** Sets how many layers stand on one another; the default is 1. */
    public S numLayers(long newNumLayers) {
        numLayers = newNumLayers;
        return self();
    }

    /** Sets whether there are biases; the default is {@code true}. */
    public S bias(boolean newBias) {
        bias = newBias;
        return self();
    }

    /** Sets whether input and output are (N, L, …), not (L, N, …); the default is {@code false}. The state is not concerned. */
    public S batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return self();
    }

    /** Sets the probability by which what a layer gives to the next is dropped in training; the default is 0. */
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
