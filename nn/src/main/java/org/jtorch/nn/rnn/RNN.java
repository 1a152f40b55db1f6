package org.jtorch.nn.rnn;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/**
 * Elman recurrent network: {@code h' = tanh(W_ih x + b_ih + W_hh h + b_hh)}, or with a rectifier in place of the hyperbolic
 * tangent.
 *
 * <p>Shapes: {@link HiddenRNN.Input}, {@link HiddenRNN.Output}. Parameters: {@link RNNBase}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RNN.html">torch.nn.RNN</a>
 */
public class RNN extends HiddenRNN {

    /** The optional arguments of {@link RNN}. */
    public static final class Options extends RNNOptions<Options> {
        private String nonlinearity = "tanh";

        /** Sets the nonlinearity: {@code tanh}, the default, or {@code relu}. */
        public Options nonlinearity(String newNonlinearity) {
            nonlinearity = newNonlinearity;
            return this;
        }
    }

    private final boolean relu;

    /** Creates a network with one layer and the default options. */
    public RNN(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /** Creates a network with the given number of layers and the default options. */
    public RNN(long inputSize, long hiddenSize, long numLayers) {
        this(inputSize, hiddenSize, o -> o.numLayers(numLayers));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inputSize the size of an element of the input sequence
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or an option is invalid
     */
    public RNN(long inputSize, long hiddenSize, Consumer<Options> options) {
        this(inputSize, hiddenSize, Customized.of(new Options(), options));
    }

    private RNN(long inputSize, long hiddenSize, Options o) {
        super(inputSize, hiddenSize, 1, o);
        relu = Nonlinearities.isRelu(o.nonlinearity);
    }

    @Override
    public final String mode() {
        return relu ? "RNN_RELU" : "RNN_TANH";
    }

    /** Returns the nonlinearity: {@code tanh} or {@code relu}. */
    public final String nonlinearity() {
        return relu ? "relu" : "tanh";
    }

    @Override
    final String unwantedDims() {
        return "D tensor";
    }

    @Override
    final List<Tensor> kernel(Tensor input, List<Tensor> hx) {
        Tensor h = hx.get(0);
        return relu
                ? input.rnnRelu(h, weights(), bias, numLayers, dropout, isTraining(), bidirectional, batchFirst)
                : input.rnnTanh(h, weights(), bias, numLayers, dropout, isTraining(), bidirectional, batchFirst);
    }

    @Override
    final List<Tensor> kernel(Tensor data, Tensor batchSizes, List<Tensor> hx) {
        Tensor h = hx.get(0);
        return relu
                ? data.rnnRelu(batchSizes, h, weights(), bias, numLayers, dropout, isTraining(), bidirectional)
                : data.rnnTanh(batchSizes, h, weights(), bias, numLayers, dropout, isTraining(), bidirectional);
    }
}
