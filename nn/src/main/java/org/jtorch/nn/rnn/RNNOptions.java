package org.jtorch.nn.rnn;

import org.jtorch.nn.LayerOptions;

/**
 * The optional arguments that all recurrent layers have.
 *
 * @param <S> the options class itself, so that calls chain
 */
public abstract class RNNOptions<S extends RNNOptions<S>> extends LayerOptions<S> {

    long numLayers = 1;
    boolean bias = true;
    boolean batchFirst;
    double dropout;
    boolean bidirectional;

    RNNOptions() {}

    /** How many layers stand on one another; default 1. */
    public S numLayers(long newNumLayers) {
        numLayers = newNumLayers;
        return self();
    }

    /** Whether there are biases; default true. */
    public S bias(boolean newBias) {
        bias = newBias;
        return self();
    }

    /** Whether input and output are (N, L, …), not (L, N, …); default false. The state is not concerned. */
    public S batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return self();
    }

    /** The probability by which what a layer gives to the next is dropped in training; default 0. */
    public S dropout(double newDropout) {
        dropout = newDropout;
        return self();
    }

    /** Whether each layer also reads the sequence backwards; default false. */
    public S bidirectional(boolean newBidirectional) {
        bidirectional = newBidirectional;
        return self();
    }
}
